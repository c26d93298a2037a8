import { afterEach, expect, it, vi } from 'vitest';
import type { AccessToken } from '../../graph/entra/access-token.ts';
import { createHeldTokens } from '../../ingest/access/held-tokens.ts';

afterEach(() => void vi.useRealTimers());

const MINUTE = 60_000;
const signIn = { accountId: 'account', signInNumber: 1 };
const application = { get: () => Promise.reject(new Error('not asked')) };

/** Tokens whose life Entra names as so many milliseconds, and how many of them were asked for. */
function aHolder(lifeMs: number) {
  const asked: AccessToken[] = [];
  const held = createHeldTokens(async () => {
    const token = { token: `token-${asked.length + 1}`, expiresAt: new Date(Date.now() + lifeMs) };
    asked.push(token);
    return token;
  }, application);
  return { held, asked };
}

it.each([
  ['none', 0],
  ['one that is over', -3_600_000],
  ['less than MSAL leaves', 4 * MINUTE],
  ['one that no date can say', Number.NaN],
])('a token with %s as its life is used for a minute: not each poll asks Entra', async (_life, lifeMs) => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { held, asked } = aHolder(lifeMs);
  for (let poll = 0; poll < 30; poll += 1) {
    await held.get(signIn);
    vi.setSystemTime(Date.now() + 1_000);
  }
  expect(asked).toHaveLength(1);
  expect(await held.get(signIn, { forceRefresh: true })).toBe('token-2');
  vi.setSystemTime(Date.now() + MINUTE);
  expect(await held.get(signIn)).toBe('token-3');
});

it('a token is used until five minutes before its end', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { held, asked } = aHolder(60 * MINUTE);
  await held.get(signIn);
  vi.setSystemTime(Date.now() + 54 * MINUTE);
  await held.get(signIn);
  expect(asked).toHaveLength(1);
  vi.setSystemTime(Date.now() + 2 * MINUTE);
  expect(await held.get(signIn)).toBe('token-2');
});
