import { Button, Checkbox, Group, Switch, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Schemas } from '../api/client.ts';
import { Address } from '../parts/address.tsx';
import { useCameFrom } from '../parts/back-link.tsx';
import { RequestRow } from '../parts/request-notice.tsx';
import { Since } from '../parts/since.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { AccountStatus, needsSignIn } from './account-status.tsx';
import { DeliveryMark } from './delivery-mark.tsx';
import { asksWhatCame, useToggle } from './use-toggle.ts';

interface AccountRowProps {
  readonly account: Schemas['Account'];
  readonly isSelected: boolean;
  readonly onSelect: (isSelected: boolean) => void;
  readonly onSignIn: () => void;
  readonly onResume: () => void;
}

/** One account in the table, with the outcome of its toggle below. */
export function AccountRow({ account, isSelected, onSelect, onSignIn, onResume }: AccountRowProps) {
  const { accounts: words, locale } = useWords();
  const isNarrow = useIsNarrow();
  const mayChange = useMay('accounts.change');
  const cameFrom = useCameFrom();
  const toggle = useToggle();
  const status = (
    <Group gap="xs">
      <AccountStatus account={account} />
      {isNarrow && <DeliveryMark account={account} />}
      {mayChange && needsSignIn(account) && (
        <Button size="compact-xs" variant="default" onClick={onSignIn}>
          {words.signIn}
          <span className="visually-hidden"> {account.address}</span>
        </Button>
      )}
    </Group>
  );

  return (
    <>
      <Table.Tr data-selected={isSelected || undefined}>
        {mayChange && (
          <Table.Td>
            <Checkbox
              size="xs"
              aria-label={words.select(account.address)}
              checked={isSelected}
              onChange={(event) => onSelect(event.currentTarget.checked)}
            />
          </Table.Td>
        )}
        <Table.Td className={isNarrow ? undefined : 'address'}>
          <Link className="row-link" to={`/config/email/accounts/${account.id}`} state={cameFrom}>
            <Address>{account.address}</Address>
          </Link>
          {account.signInAs !== null && (
            <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {words.signsIn(account.signInAs)}
            </Text>
          )}
          {account.access === 'application' && (
            <Text size="xs" c="dimmed">
              {words.application}
            </Text>
          )}
          {account.quarantined > 0 && (
            <Text size="xs" c="dimmed">
              {words.quarantined(account.quarantined)}
            </Text>
          )}
          {isNarrow && status}
        </Table.Td>
        {!isNarrow && <Table.Td>{status}</Table.Td>}
        <Table.Td>
          <Switch
            size="xs"
            aria-label={words.toggle(account.address)}
            checked={account.enabled}
            disabled={!mayChange || account.removing}
            aria-busy={toggle.isPending}
            onChange={() => {
              if (toggle.isPending) return;
              if (asksWhatCame(account)) onResume();
              else toggle.mutate(account);
            }}
          />
        </Table.Td>
        {!isNarrow && (
          <>
            <Table.Td className="drops-second" maw={220}>
              <Text size="sm" truncate title={account.defaultQueue?.name}>
                {account.defaultQueue?.name ?? words.noQueue}
              </Text>
            </Table.Td>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>
              <DeliveryMark account={account} /> <Since time={account.currentAt} />
            </Table.Td>
            <Table.Td className="numeric drops-third">{account.waitingItems.toLocaleString(locale)}</Table.Td>
            <Table.Td className="numeric drops-first">{account.capturedToday.toLocaleString(locale)}</Table.Td>
          </>
        )}
      </Table.Tr>
      <RequestRow request={toggle} onRetry={() => toggle.mutate(account)} />
    </>
  );
}
