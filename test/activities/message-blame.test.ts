import { describe, expect, it } from 'vitest';
import { Failure } from '../../domain/failure.ts';
import { type BlameOptions, createMessageBlame, LeftToDrain } from '../../ingest/message/message-blame.ts';

const unavailable = (code?: string) => new Failure('Unavailable', 'no', { reason: 'service-down', code });
const alive = { proveAlive: async () => {} };
const dead = {
  proveAlive: async () => {
    throw unavailable();
  },
};

/** How the tries for one message after another of a page end. */
async function ends(given: Partial<BlameOptions>, ...errors: readonly unknown[]) {
  const { signal } = new AbortController();
  const blame = createMessageBlame({
    mailbox: alive,
    signal,
    withinMs: 60_000,
    isShort: false,
    hasLasted: async () => false,
    ...given,
  });
  const outcomes: unknown[] = [];
  for (const error of errors) {
    const asked = blame.ask(async () => {
      throw error;
    });
    outcomes.push(await asked.catch((reason: unknown) => reason));
  }
  return outcomes;
}
const rejected = expect.objectContaining({ type: 'MessageRejected', reason: 'unreadable' });

describe('a message that does not come', () => {
  it('is to blame while the mailbox can be read otherwise', async () => {
    expect(await ends({}, unavailable('ErrorContentConversionFailed'))).toEqual([rejected]);
  });

  it('is not to blame while nothing else of the mailbox comes either', async () => {
    const error = unavailable('ErrorContentConversionFailed');
    expect(await ends({ mailbox: dead }, error)).toEqual([error]);
  });

  it('is left to a drain by who asked only once', async () => {
    expect(await ends({ isShort: true }, unavailable())).toEqual([expect.any(LeftToDrain)]);
  });

  it('is to blame like its neighbour, until so many fail without a word that the mail server may be', async () => {
    const errors = [1, 2, 3, 4].map(() => unavailable());
    expect(await ends({}, ...errors)).toEqual([rejected, rejected, errors[2], errors[3]]);
    expect(await ends({ hasLasted: async () => true }, ...errors)).toEqual(Array(4).fill(rejected));
    const named = [1, 2, 3, 4].map(() => unavailable('ErrorCorruptData'));
    expect(await ends({}, ...named)).toEqual(Array(4).fill(rejected));
  });

  it('that asks to wait is waited for, and to blame once that has lasted', async () => {
    const error = new Failure('Unavailable', 'no', { reason: 'service-down', retryAfterMs: 5_000 });
    expect(await ends({}, error)).toEqual([error]);
    expect(await ends({ hasLasted: async () => true }, error)).toEqual([rejected]);
  });

  it.each([
    new Failure('Throttled', 'no', { reason: 'rate-limited' }),
    new Failure('SettingsRejected', 'no', { reason: 'secret-wrong' }),
    new Failure('CredentialRejected', 'no', { reason: 'sign-in-expired' }),
    new Failure('Unavailable', 'no', { reason: 'mailbox-held' }),
    new TypeError('a fault of ours'),
  ])('for a reason that is not its own is not to blame: %s', async (error) => {
    expect(await ends({}, error)).toEqual([error]);
  });

  it('is given up after its time, and nobody waits for it any longer', async () => {
    const { signal } = new AbortController();
    const options = { mailbox: alive, signal, isShort: false, hasLasted: async () => false };
    const hanging = (asked: AbortSignal) =>
      new Promise<never>((_, reject) => asked.addEventListener('abort', () => reject(asked.reason)));
    const askedAt = performance.now();
    await expect(createMessageBlame({ ...options, withinMs: 50 }).ask(hanging)).rejects.toEqual(rejected);
    expect(performance.now() - askedAt).toBeLessThan(3_000);
  });
});
