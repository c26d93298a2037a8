import { Stack } from '@mantine/core';
import { NavLink, Outlet } from 'react-router';
import { PageHeader } from '../parts/page-header.tsx';
import { Guarded } from '../shell/guarded.tsx';
import { useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';

/** Config > Email: the accounts, and their global properties. */
export function EmailPage() {
  const { shell, accounts, settings } = useWords();
  const mayReadSettings = useMay('settings.read');
  return (
    <Guarded permission="accounts.read">
      <Stack gap="md">
        <PageHeader title={shell.email} />
        <nav className="tab-links" aria-label={shell.email}>
          <NavLink to="/config/email/accounts">{accounts.tab}</NavLink>
          {mayReadSettings && <NavLink to="/config/email/settings">{settings.tab}</NavLink>}
        </nav>
        <Outlet />
      </Stack>
    </Guarded>
  );
}
