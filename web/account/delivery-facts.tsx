import { Text } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { DeliveryWords } from '../parts/server-words.tsx';
import { Since } from '../parts/since.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { RestSwitch } from './rest-switch.tsx';

/** How new mail of the account is found, and why, for a list of facts. */
export function DeliveryFacts({ account }: { readonly account: Schemas['Account'] }) {
  const { account: words } = useDeskWords();
  const { accounts } = useWords();
  const mayChange = useMay('accounts.change');
  const { mode, notifiedAt } = account.delivery;
  return (
    <>
      <dt>{words.delivery}</dt>
      <dd>
        <span>{accounts.deliveries[mode]}</span>
        <Text size="xs" c="dimmed">
          <DeliveryWords delivery={account.delivery} />
        </Text>
      </dd>
      {(mode === 'push' || notifiedAt !== null) && (
        <>
          <dt>{words.notified}</dt>
          <dd>
            <Since time={notifiedAt} />
          </dd>
        </>
      )}
      <dt>{words.quiet}</dt>
      <dd>
        <RestSwitch account={account} disabled={!mayChange || account.removing} />
      </dd>
    </>
  );
}
