import type { SignOnRefusal, SignOnRefused } from '../sso/sign-on-refused.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';

interface RefusalWords {
  readonly status: number;
  readonly title: string;
  readonly explanation: (who: string) => string;
  /** Whether another account could help. */
  readonly chooseAccount?: true;
}

const words: Readonly<Record<SignOnRefusal, RefusalWords>> = {
  'not-added': {
    status: 403,
    title: 'You are not a user of Mailroom yet',
    explanation: (who) =>
      `${who} signed in, but nobody has added this address. Ask an administrator of Mailroom to add you under Admin > Users, then sign in again.`,
    chooseAccount: true,
  },
  disabled: {
    status: 403,
    title: 'Your user is disabled',
    explanation: (who) => `${who} may not use Mailroom at the moment. Ask an administrator of Mailroom to enable you.`,
    chooseAccount: true,
  },
  'other-person': {
    status: 403,
    title: 'This address belongs to another identity',
    explanation: (who) =>
      `${who} was used before by somebody else at the identity provider. Ask an administrator of Mailroom to remove that user and to add you.`,
    chooseAccount: true,
  },
  'other-tenant': {
    status: 403,
    title: 'You signed in with another organisation',
    explanation: () => 'Sign in with an account of the organisation that runs this Mailroom.',
    chooseAccount: true,
  },
  'no-address': {
    status: 403,
    title: 'The identity provider named no verified address',
    explanation: () =>
      'Mailroom knows its users by e-mail address. Ask the administrator of the identity provider to send a verified one.',
    chooseAccount: true,
  },
  declined: {
    status: 403,
    title: 'The identity provider did not let you in',
    explanation: () =>
      'You cancelled, or your account is not assigned to this application. If it should be, ask the administrator of the identity provider.',
    chooseAccount: true,
  },
  'code-expired': {
    status: 400,
    title: 'The sign-in took too long',
    explanation: () => 'Sign in again.',
  },
  'client-refused': {
    status: 503,
    title: 'The identity provider refuses Mailroom',
    explanation: () =>
      'Its client ID or client secret is wrong or has expired. An operator has to correct OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.',
  },
  'unusable-answer': {
    status: 400,
    title: 'The answer of the identity provider cannot be used',
    explanation: () => 'Sign in again. If it stays, tell your operator the reference below.',
  },
  'unknown-attempt': {
    status: 400,
    title: 'This sign-in is not known',
    explanation: () => 'It took longer than ten minutes, was used before, or began in another browser. Sign in again.',
  },
  'other-issuer': {
    status: 400,
    title: 'Another identity provider sent you',
    explanation: () => 'This Mailroom does not accept sign-ins from there. Sign in here instead.',
  },
};

export function signOnRefusalPage(
  { reason, address }: SignOnRefused,
  reference: string,
): { readonly status: number; readonly page: Page } {
  const { status, title, explanation, chooseAccount } = words[reason];
  const page: Page = {
    title,
    tone: 'bad',
    body: html`
<p>${explanation(address ?? 'Your account')}</p>
<p class="soft">Reference: ${reference}</p>
<div class="actions">
<a class="button" href="/auth/sign-in">Sign in again</a>
${chooseAccount && html`<a class="button quiet" href="/auth/sign-in?chooseAccount=true">Use another account</a>`}
</div>`,
  };
  return { status, page };
}

export function signedOutPage(providerUrl: string | undefined): Page {
  return {
    title: 'You are signed out of Mailroom',
    tone: 'good',
    body: html`
<p>You may close this tab.</p>
<div class="actions">
<a class="button" href="/auth/sign-in">Sign in again</a>
${providerUrl !== undefined && html`<a class="button quiet" href="${providerUrl}">Sign out at the identity provider, too</a>`}
</div>`,
  };
}
