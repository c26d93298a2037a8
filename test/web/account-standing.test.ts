import { describe, expect, it } from 'vitest';
import { failureReasons, failureTypes } from '../../domain/failure.ts';
import type { Schemas } from '../../web/api/client.ts';
import { standingOf } from '../../web/email/account-standing.ts';
import { de } from '../../web/words/de.ts';
import { en } from '../../web/words/en.ts';

type Account = Schemas['Account'];

/** Signed in, enabled and current, but for what a case changes. */
function anAccount(changed: Partial<Account> = {}): Account {
  return {
    state: 'authenticated',
    signIn: { state: 'done', reason: null, since: '2026-01-01T00:00:00Z' },
    condition: null,
    removing: false,
    reading: 'current',
    lateForSeconds: null,
    currentAt: '2026-01-02T00:00:00Z',
    pausedAt: null,
    ...changed,
  } as Account;
}
const hindered = (type: string, reason: string | null = null, until: string | null = null) =>
  anAccount({
    condition: {
      type,
      reason,
      code: null,
      status: null,
      requestId: null,
      signInMayHelp: false,
      words: 'words',
      since: '2026-01-02T00:00:00Z',
      until,
      lasting: false,
    },
  });
const told = (account: Account, words = en) => {
  const { tone, word } = standingOf(account, words);
  return `${tone}: ${word}`;
};

describe('the standing of an account', () => {
  it.each<[string, Account]>([
    ['good: Authenticated', anAccount()],
    ['busy: Catching up', anAccount({ reading: 'catching-up', currentAt: null })],
    ['warn: Not checked for 3 minutes', anAccount({ reading: 'late', lateForSeconds: 200 })],
    ['warn: Not checked for 2 hours', anAccount({ reading: 'late', lateForSeconds: 7_300 })],
    ['idle: Disabled', anAccount({ state: 'paused', reading: 'off' })],
    ['bad: Sign-in needed', anAccount({ state: 'sign-in-needed', reading: 'off' })],
    ['idle: Removing', anAccount({ removing: true, reading: 'late', lateForSeconds: 200 })],
    ['bad: Settings refused', hindered('SettingsRejected', 'secret-expired')],
    ['bad: Settings refused', hindered('SettingsRejected', 'tenant-not-found')],
    ['bad: Settings missing', hindered('SettingsRejected', 'settings-missing')],
    ['bad: No mailbox', hindered('MailboxGone', 'mailbox-not-enabled')],
    ['bad: Mailbox not found', hindered('MailboxGone', 'mailbox-not-found')],
    ['bad: Inbox not found', hindered('CursorExpired', 'folder-gone')],
    ['warn: Reading again', hindered('CursorExpired', 'sync-state-lost')],
    ['warn: Mailbox full', hindered('CursorExpired', 'quota-exceeded')],
    ['warn: Throttled', hindered('Throttled', 'rate-limited')],
    ['warn: Microsoft unavailable', hindered('Unavailable', 'service-down')],
    ['bad: Key missing', hindered('Unavailable', 'key-missing')],
    ['warn: Not being read', hindered('Unavailable')],
    ['warn: Not being read', hindered('OfANewerVersion', 'of-a-newer-version')],
  ])('is %s', (expected, account) => {
    expect(told(account)).toBe(expected);
  });

  it('tells until when Microsoft asked to wait', () => {
    expect(told(hindered('Throttled', 'rate-limited', '2026-01-02T00:00:00Z'))).toMatch(/^warn: Throttled until \d/);
  });

  it('is that it is not polled, whatever hindered the account at its last poll', () => {
    const account = { ...hindered('Throttled', 'rate-limited'), reading: 'late', lateForSeconds: 60 } as Account;
    expect(told(account)).toBe('warn: Not checked for 1 minute');
  });

  it('never is the state of one that is well where anything hinders it, in any language', () => {
    for (const words of [en, de]) {
      const state = words.accounts.states.authenticated;
      for (const type of failureTypes) {
        for (const reason of [null, ...failureReasons]) {
          expect(told(hindered(type, reason), words)).not.toContain(state);
        }
      }
    }
  });
});
