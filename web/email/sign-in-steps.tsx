import { Anchor, Button, CopyButton, Group, Loader, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { Icon } from '../parts/icon.tsx';
import { Notice } from '../parts/notice.tsx';
import { ServerWords } from '../parts/server-words.tsx';
import { TraceLine } from '../parts/trace-line.tsx';
import { useWords } from '../shell/languages.tsx';
import { ACCOUNTS } from './accounts-query.ts';
import type { SignInTab } from './sign-in-tab.ts';
import { useSignInOutcome } from './use-sign-in-outcome.ts';

/** A sign-in in progress, and its tab. */
export interface StartedSignIn {
  readonly accountId: string;
  readonly address: string;
  /** Who is to sign in: the mailbox's own user, or a person with access to a shared one. */
  readonly who: string;
  /** Microsoft's page, for this browser. */
  readonly url: string;
  /** What may be sent to the mailbox's owner. */
  readonly link: string;
  /** The newest event of the account before the sign-in. */
  readonly since: number;
  /** Undefined when the browser did not open a tab. */
  readonly tab: SignInTab | undefined;
}

interface SignInStepsProps {
  readonly started: StartedSignIn;
  readonly onStartAgain: () => void;
  readonly onAnother?: () => void;
  readonly onClose: () => void;
}

/** How often the tab is checked, and how long the result may take after it is gone. */
const CHECK_EVERY_MS = 500;
const RESULT_WITHIN_MS = 4_000;

/** Waits for the sign-in in the other tab, and shows its outcome. */
export function SignInSteps({ started, onStartAgain, onAnother, onClose }: SignInStepsProps) {
  const { adding: words, accounts, common } = useWords();
  const { accountId, address, who, url, link, since, tab } = started;
  const queryClient = useQueryClient();
  const result = useSignInOutcome(accountId, since);
  // A tab opened by a link cannot be watched: the outcome comes from the API in any case.
  const [isLed, setLed] = useState(false);
  const isAbandoned = useAbandoned(tab) && !isLed && result.outcome === 'waiting';
  const isOpen = isLed || tab !== undefined;
  const { outcome } = result;
  useEffect(() => {
    if (outcome === 'waiting') return;
    void queryClient.invalidateQueries({ queryKey: ACCOUNTS });
    void queryClient.invalidateQueries({ queryKey: ['account', accountId] });
  }, [outcome, queryClient, accountId]);

  if (result.outcome === 'connected') {
    return (
      <Stack>
        <Notice tone="good" urgent>
          <strong>{words.done(address)}</strong>
          <br />
          {words.doneWhat}
        </Notice>
        <Group justify="space-between" gap="xs">
          <Anchor component={Link} to={`/config/email/accounts/${accountId}#routing`} size="sm">
            {words.toRouting}
          </Anchor>
          <Group gap="xs">
            {onAnother && (
              <Button variant="default" onClick={onAnother}>
                {words.another}
              </Button>
            )}
            <Button onClick={onClose} data-autofocus>
              {common.close}
            </Button>
          </Group>
        </Group>
      </Stack>
    );
  }
  if (result.outcome === 'refused') {
    return (
      <Stack>
        <Notice tone="bad" urgent>
          <strong>{words.failed(address)}</strong>
          <br />
          {result.reason === 'mailbox-connected' && result.connectedAs !== null ? (
            <>
              {words.connectedAlready}{' '}
              <Anchor component={Link} to={`/config/email/accounts/${result.connectedAs}`} size="sm">
                {accounts.showAccount}
              </Anchor>
            </>
          ) : result.reason === 'wrong-account' ? (
            words.wrongAccount(who, result.signedInAs)
          ) : result.reason === 'mailbox-access-denied' ? (
            words.accessDenied(address, result.signedInAs ?? who)
          ) : result.reason === 'consent-denied' ? (
            words.declined
          ) : (
            <ServerWords reason={result.reason}>{result.words}</ServerWords>
          )}
          <TraceLine trace={result.trace} />
        </Notice>
        <Group justify="end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {words.later}
          </Button>
          <Button onClick={onStartAgain}>{words.again}</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack>
      <Group gap="sm" role="status" wrap="nowrap">
        {!isAbandoned && isOpen && <Loader size="sm" />}
        <Text size="sm" fw={600}>
          {isAbandoned ? words.notFinished : words.waiting}
        </Text>
      </Group>
      {isAbandoned ? (
        <Notice tone="warn" urgent>
          {words.closed}
        </Notice>
      ) : isOpen ? (
        <Text size="sm">{words.waitingWhat(who)}</Text>
      ) : (
        <Notice tone="warn" urgent>
          {words.blocked}
        </Notice>
      )}
      <Group gap="xs">
        <Button
          component="a"
          href={url}
          target="_blank"
          rel="noopener noreferrer"
          variant={isOpen && !isAbandoned ? 'default' : 'filled'}
          rightSection={<Icon name="out" size={14} />}
          onClick={() => setLed(true)}
        >
          {isOpen ? words.openAgain : words.open}
        </Button>
        <CopyButton value={link}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              <span aria-live="polite">{copied ? common.copied : words.copyLink}</span>
            </Button>
          )}
        </CopyButton>
      </Group>
      <Text size="xs" c="dimmed">
        {words.laterWhat}
      </Text>
      <Group justify="end">
        <Button variant="subtle" color="gray" c="dimmed" onClick={onClose}>
          {words.later}
        </Button>
      </Group>
    </Stack>
  );
}

/** True when the tab is gone and no result arrived in the usual time. */
function useAbandoned(tab: SignInTab | undefined): boolean {
  const [goneSince, setGoneSince] = useState<number>();
  const [isAbandoned, setAbandoned] = useState(false);
  useEffect(() => {
    setGoneSince(undefined);
    setAbandoned(false);
    if (!tab) return;
    const timer = setInterval(() => {
      if (tab.isGone()) setGoneSince((before) => before ?? Date.now());
    }, CHECK_EVERY_MS);
    return () => clearInterval(timer);
  }, [tab]);
  useEffect(() => {
    if (goneSince === undefined) return;
    const timer = setTimeout(() => setAbandoned(true), RESULT_WITHIN_MS);
    return () => clearTimeout(timer);
  }, [goneSince]);
  return isAbandoned;
}
