/** States of an account's sign-in. Stored in `accounts.sign_in`. */
export const signInStates = ['awaiting', 'expired', 'done', 'needed'] as const;
export type SignInState = (typeof signInStates)[number];

/** The state of an account in one word, for lists and Temporal's search attribute. */
export const accountStates = [
  'awaiting-sign-in',
  'sign-in-expired',
  'sign-in-needed',
  'authenticated',
  'paused',
  'removed',
  // A newer release wrote a sign-in state that is unknown here.
  'unknown',
] as const;
export type AccountState = (typeof accountStates)[number];

/** The three facts from which the state is derived; the state itself is not stored. */
export interface AccountFacts {
  readonly signIn: SignInState;
  readonly enabled: boolean;
  readonly removed: boolean;
}

/** Derives the state. A missing sign-in outweighs *disabled*: enabling alone would not make mail flow. */
export function accountState({ signIn, enabled, removed }: AccountFacts): AccountState {
  if (removed) return 'removed';
  switch (signIn) {
    case 'awaiting':
      return 'awaiting-sign-in';
    case 'expired':
      return 'sign-in-expired';
    case 'needed':
      return 'sign-in-needed';
    case 'done':
      return enabled ? 'authenticated' : 'paused';
    default:
      return 'unknown';
  }
}

/** The state in words, for people. */
export const accountStateWords: Readonly<Record<AccountState, string>> = {
  'awaiting-sign-in': 'Waiting for sign-in',
  'sign-in-expired': 'The sign-in expired; start it again',
  'sign-in-needed': 'Sign-in needed',
  authenticated: 'Authenticated',
  paused: 'Paused',
  removed: 'Removed',
  unknown: 'In a state that only a newer release of Mailroom knows; update this one',
};

/** What happens to mail that arrived while an account was disabled. */
export const resumeModes = ['catch-up', 'from-now'] as const;
export type ResumeMode = (typeof resumeModes)[number];
