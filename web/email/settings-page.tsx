import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { InstalledSending } from '../answers/installed-sending.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Guarded } from '../shell/guarded.tsx';
import { AllowedAddresses } from './allowed-addresses.tsx';
import { ApplicationAccess } from './application-access.tsx';
import { Certificates } from './certificates.tsx';
import { EntraPanel } from './entra-panel.tsx';
import { SettingsForm } from './settings-form.tsx';
import { settingsQuery } from './settings-query.ts';

/** The global properties, beside what to configure in Microsoft Entra. */
export function SettingsPage() {
  return (
    <Guarded permission="settings.read">
      <SettingsPanels />
    </Guarded>
  );
}

function SettingsPanels() {
  const { data, error, refetch } = useQuery(settingsQuery);
  if (error && !data) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  return (
    <div className="two-columns">
      {data ? (
        <Stack gap="md">
          <SettingsForm settings={data} />
          <Certificates />
          <InstalledSending />
          <AllowedAddresses />
          <ApplicationAccess />
        </Stack>
      ) : (
        <Skeleton height={420} radius="md" />
      )}
      {data ? <EntraPanel settings={data} /> : <Skeleton height={420} radius="md" />}
    </div>
  );
}
