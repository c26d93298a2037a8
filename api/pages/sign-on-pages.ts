import type { SignOnRefusal, SignOnRefused } from '../sign-on/sign-on-refused.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';
import type { PageWords } from './words/en.ts';

/** The HTTP status of each refusal, for machines. 403: another account could help. */
const statuses: Readonly<Record<SignOnRefusal, 400 | 403 | 503>> = {
  'not-added': 403,
  disabled: 403,
  'other-person': 403,
  'other-tenant': 403,
  'no-address': 403,
  declined: 403,
  'code-expired': 400,
  'client-refused': 503,
  'unusable-answer': 400,
  'unknown-attempt': 400,
  'other-issuer': 400,
};

export function signOnRefusalStatus({ reason }: SignOnRefused): number {
  return statuses[reason];
}

export function signOnRefusalPage(
  { signOn: words, reference: referenceWords }: PageWords,
  { reason, address }: SignOnRefused,
  reference: string,
): Page {
  const { title, explanation } = words.refusals[reason];
  const mayChoose = statuses[reason] === 403;
  return {
    title,
    tone: 'bad',
    body: html`
<p>${explanation(address ?? words.yourAccount)}</p>
<p class="soft">${referenceWords(reference)}</p>
<div class="actions">
<a class="button" href="/auth/sign-in">${words.signInAgain}</a>
${mayChoose && html`<a class="button quiet" href="/auth/sign-in?chooseAccount=true">${words.chooseAccount}</a>`}
</div>`,
  };
}

export function signedOutPage({ signOn: words }: PageWords, providerUrl: string | undefined): Page {
  return {
    title: words.signedOut,
    tone: 'good',
    body: html`
<p>${words.closeTab}</p>
<div class="actions">
<a class="button" href="/auth/sign-in">${words.signInAgain}</a>
${providerUrl !== undefined && html`<a class="button quiet" href="${providerUrl}">${words.signOutThere}</a>`}
</div>`,
  };
}
