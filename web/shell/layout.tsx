import { Burger, Center, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { Outlet, useLocation, useNavigate } from 'react-router';
import { OutboxPlace } from '../answers/outbox-place.tsx';
import type { Schemas } from '../api/client.ts';
import { AvailabilityPlace, OffersPlace } from '../offers/offers-place.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useSearchKey } from '../search/use-search-key.ts';
import { AnnouncerProvider } from './announcer.tsx';
import { HeaderLight } from './health-light.tsx';
import { HealthNotice } from './health-notice.tsx';
import { useWords } from './languages.tsx';
import { useLiveChanges } from './live-changes.ts';
import { Navigation } from './navigation.tsx';
import { OutageNotice } from './outage-notice.tsx';
import { useMay, useMe } from './session.ts';
import { announceSession } from './session-elsewhere.ts';
import { ShellSkeleton } from './shell-skeleton.tsx';
import { ShortcutsProvider, useShortcuts } from './shortcuts.tsx';
import { SignInPage } from './sign-in-page.tsx';

/** The frame of every page; without a session, the sign-in page. */
export function Layout() {
  const me = useMe();
  const wasSignedIn = useRef(false);
  if (me.data) wasSignedIn.current = true;

  if (me.isPending) {
    return <ShellSkeleton />;
  }
  if (me.data === null) return <SignInPage ended={wasSignedIn.current} />;
  if (me.data === undefined) {
    return (
      <Center component="main" mih="100dvh" p="md">
        <ProblemNotice error={me.error} onRetry={() => void me.refetch()} />
      </Center>
    );
  }
  return <SignedIn me={me.data} />;
}

/** The pages with the navigation; they are kept up to date by the stream of changes. */
function SignedIn({ me }: { readonly me: Schemas['Me'] }) {
  const { shell } = useWords();
  const [isOpen, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  useLiveChanges();
  useEffect(announceSession, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the navigation closes when the page changes.
  useEffect(close, [pathname]);
  return (
    <ShortcutsProvider>
      <PageKeys />
      <AnnouncerProvider>
        <a className="skip" href="#content">
          {shell.skip}
        </a>
        <header className="shell-header">
          <Burger size="sm" opened={isOpen} onClick={toggle} aria-label={shell.openNavigation} aria-expanded={isOpen} />
          <Text fw={600}>Mailroom</Text>
          <HeaderLight onOpen={toggle} />
          <div className="availability-in-header">
            <AvailabilityPlace isShort />
          </div>
        </header>
        {/* A landmark: the health light is in it, beside the navigation. */}
        <aside className="shell-navigation" data-open={isOpen} aria-label="Mailroom">
          <Navigation me={me} />
        </aside>
        <main className="shell-main" id="content" tabIndex={-1}>
          <div className="page">
            <OutageNotice />
            <HealthNotice />
            <OffersPlace />
            <Outlet />
          </div>
        </main>
        <OutboxPlace />
      </AnnouncerProvider>
    </ShortcutsProvider>
  );
}

/** Keys that work on every page. */
function PageKeys() {
  const { shell } = useWords();
  const navigate = useNavigate();
  useSearchKey();
  useShortcuts([useMay('items.work') && { key: 'y', label: shell.myItems, run: () => void navigate('/mine') }]);
  return null;
}
