import type { SignOnRefusal, SignOnRefused } from '../sign-on/sign-on-refused.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';
import type { PageWords } from './words/en.ts';

/** The HTTP status of each refusal, for machines. 403: another account could help. */
const statuses: Readonly<Record<SignOnRefusal, 400 | 403 | 503>> = {
  'not-added': 403,
  disabled: 403,
  'other-person': 403,
  'not-mapped': 403,
  'claim-left-out': 403,
  'signed-out-meanwhile': 400,
  'other-step-up': 403,
  'not-recent': 400,
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
  const isOfStepUp = reason === 'other-step-up' || reason === 'not-recent';
  const mayChoose = statuses[reason] === 403 && !isOfStepUp;
  return {
    title,
    tone: 'bad',
    body: html`
<p>${explanation(address ?? words.yourAccount)}</p>
<p class="soft">${referenceWords(reference)}</p>
<div class="actions">
<a class="button" href="${isOfStepUp ? '/auth/step-up' : '/auth/sign-in'}">${words.signInAgain}</a>
${mayChoose && html`<a class="button quiet" href="/auth/sign-in?chooseAccount=true">${words.chooseAccount}</a>`}
</div>`,
  };
}

export function steppedUpPage({ signOn: words }: PageWords): Page {
  return { title: words.confirmed, tone: 'good', body: html`<p>${words.confirmedWhat}</p>` };
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
