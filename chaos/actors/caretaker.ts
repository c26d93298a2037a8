import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorder } from '../record/recorder.ts';
import { type Organisation, signInTo } from './organisation.ts';

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly address: string;
}

const LOOKS_EVERY_MS = 4_000;

/** Watches the accounts and signs in wherever that is needed, until stopped. */
export async function keepSignedIn(
  organisation: Organisation,
  { operation }: Recorder,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await signInWhereNeeded(organisation, { operation });
    await sleep(LOOKS_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

/**
 * Signs in to every account whose page asks for it, and to those whose mailbox was renamed; returns how many these
 * were. Undefined when the accounts cannot be read.
 */
export async function signInWhereNeeded(
  organisation: Organisation,
  { operation }: Pick<Recorder, 'operation'>,
): Promise<number | undefined> {
  const { administrator: call, accountIds, addresses } = organisation;
  const { outcome, body } = await call('GET', '/email/accounts?pageSize=200');
  if (outcome !== 'done') return undefined;
  const isRenamed = ({ id, address }: Shown) => address !== addresses[accountIds.indexOf(id)];
  const needed = (body as { accounts: Shown[] }).accounts.filter(
    (shown) => shown.state === 'sign-in-needed' || isRenamed(shown),
  );
  for (const { id } of needed) {
    const account = accountIds.indexOf(id);
    const { started, signedIn } = await signInTo(organisation, call, account);
    const { start } = started;
    const result = signedIn ? 'done' : 'unknown';
    operation({ do: 'sign-in', account, actor: 'caretaker', start, end: Date.now(), outcome: result });
  }
  return needed.length;
}
