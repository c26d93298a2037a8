import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorder } from '../record/recorder.ts';
import { followSignIn, type Organisation } from './organisation.ts';

interface Shown {
  readonly id: string;
  readonly state: string;
}

const LOOKS_EVERY_MS = 4_000;

/** Looks at the accounts and signs in wherever the page says that it is needed, until it is told to stop. */
export async function keepSignedIn(
  { administrator: call, accountIds }: Organisation,
  { operation }: Recorder,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await signInWhereNeeded({ administrator: call, accountIds }, { operation });
    await sleep(LOOKS_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

/** Signs in to every account that asks for it; how many did. Undefined when the accounts cannot be read. */
export async function signInWhereNeeded(
  { administrator: call, accountIds }: Pick<Organisation, 'administrator' | 'accountIds'>,
  { operation }: Pick<Recorder, 'operation'>,
): Promise<number | undefined> {
  const { outcome, body } = await call('GET', '/email/accounts?pageSize=200');
  if (outcome !== 'done') return undefined;
  const needed = (body as { accounts: Shown[] }).accounts.filter(({ state }) => state === 'sign-in-needed');
  for (const { id } of needed) {
    const started = await call('POST', `/email/accounts/${id}/sign-in`);
    const { start } = started;
    const signedIn =
      started.outcome === 'done' && (await followSignIn((started.body as { signInUrl: string }).signInUrl));
    const account = accountIds.indexOf(id);
    const result = signedIn ? 'done' : 'unknown';
    operation({ do: 'sign-in', account, actor: 'caretaker', start, end: Date.now(), outcome: result });
  }
  return needed.length;
}
