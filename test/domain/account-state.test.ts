import { describe, expect, it } from 'vitest';
import { accountState } from '../../domain/account-state.ts';

describe('the state of an account', () => {
  it.each([
    ['awaiting', true, false, 'awaiting-sign-in'],
    ['expired', true, false, 'sign-in-expired'],
    ['done', true, false, 'authenticated'],
    ['done', false, false, 'paused'],
    ['needed', true, false, 'sign-in-needed'],
    ['needed', false, false, 'sign-in-needed'],
    ['done', true, true, 'removed'],
  ] as const)('with sign-in %s, enabled %s and removed %s is %s', (signIn, enabled, removed, state) => {
    expect(accountState({ signIn, enabled, removed })).toBe(state);
  });
});
