import type { FailureReason, FailureType } from '../../domain/failure.ts';
import { failureWords } from '../words/failure-words.ts';
import { type Html, html } from './html.ts';
import type { Page } from './page.ts';

/** Why the sign-in to a mailbox did not end well: a failure, or an attempt that cannot be used. */
export type SignInMishap =
  | { readonly type: FailureType; readonly reason?: FailureReason | undefined }
  | 'unknown'
  | 'used'
  | 'expired'
  | 'removed';

/** What was entered: a mailbox, and who is to sign in where it is shared. */
export interface EnteredMailbox {
  readonly address: string;
  readonly signInAs?: string | null | undefined;
}

export interface MishapView {
  /** Undefined when the attempt is unknown. */
  readonly entered?: EnteredMailbox | undefined;
  /** Where a signed-in administrator starts again; undefined for everybody else. */
  readonly startAgainPath?: string | undefined;
}

export function connectedPage({ address, signInAs }: EnteredMailbox): Page {
  return {
    title: `${address} is connected`,
    tone: 'good',
    body: signInAs
      ? html`<p>Mailroom now reads the mail that arrives in this shared mailbox, with the access of ${signInAs}. You may
close this tab.</p>`
      : html`<p>Mailroom now reads the mail that arrives there. You may close this tab.</p>`,
  };
}

export function adminConsentPage(): Page {
  return {
    title: 'Mailroom is approved for your organisation',
    tone: 'good',
    body: html`<p>Accounts can be connected without further approval. You may close this tab.</p>`,
  };
}

export function mishapPage(mishap: SignInMishap, { entered, startAgainPath }: MishapView): Page {
  return {
    title: titleOf(mishap, entered?.address),
    tone: 'bad',
    body: html`${explanation(mishap, entered)}${startAgain(startAgainPath)}`,
  };
}

/** The HTTP status of the page: what went wrong, for machines. */
export function mishapStatus(mishap: SignInMishap): number {
  if (mishap === 'unknown') return 400;
  if (typeof mishap === 'string') return 410;
  switch (mishap.type) {
    case 'CredentialRejected':
      return mishap.reason === 'code-expired' ? 410 : 403;
    case 'SettingsRejected':
      return 422;
    case 'MailboxGone':
      return 410;
    case 'Throttled':
    case 'Unavailable':
      return 503;
    default:
      return 409;
  }
}

function titleOf(mishap: SignInMishap, address: string | undefined): string {
  if (mishap === 'used') return 'This link was used already';
  if (mishap === 'expired') return 'This link has expired';
  if (mishap === 'removed') return 'This account was removed';
  if (mishap === 'unknown' || address === undefined) return 'This sign-in is not known';
  if (mishap.type === 'Unavailable') return `${address} is not connected yet`;
  return mishap.reason === 'wrong-account' ? 'Another account signed in' : `${address} was not connected`;
}

function explanation(mishap: SignInMishap, entered: EnteredMailbox | undefined): Html {
  switch (mishap) {
    case 'used':
      return html`<p>A sign-in link works once. If ${entered?.address} is not shown as authenticated, start the sign-in again.</p>`;
    case 'expired':
      return html`<p>A sign-in link is good for a day. Start the sign-in to ${entered?.address} again.</p>`;
    case 'removed':
      return html`<p>It was removed while you signed in; nothing was stored. Add it again if it is still wanted.</p>`;
    case 'unknown':
      return html`<p>Mailroom did not start this sign-in, or it is long over. Start it from the list of accounts.</p>`;
    default:
      return failureExplanation(mishap, entered);
  }
}

/** The sign-in was stored, and nobody redeemed it yet. */
const WITHOUT_ANSWER: readonly FailureReason[] = ['temporal-down', 'no-worker', 'workflow-stuck'];

function failureExplanation(
  { type, reason }: { readonly type: FailureType; readonly reason?: FailureReason | undefined },
  entered: EnteredMailbox | undefined,
): Html {
  if (reason === 'wrong-account') {
    const expected = entered?.signInAs ?? entered?.address;
    return html`
<p>Another account than ${expected} signed in, so nothing was stored.</p>
<p>Start again and choose ${expected} on Microsoft's page. If the browser signs in as somebody else by itself, use a
private window.</p>`;
  }
  if (reason === 'mailbox-access-denied' && entered?.signInAs) {
    return html`
<p>${entered.signInAs} signed in, but has no access to the shared mailbox ${entered.address}, so nothing was stored.</p>
<p>Ask an administrator of Microsoft 365 to give ${entered.signInAs} full access (<i>read and manage</i>) to it. It can
take an hour until that counts; then start again.</p>`;
  }
  const { cause, nextStep } = failureWords(type, reason);
  if (type === 'Unavailable' && reason && WITHOUT_ANSWER.includes(reason)) {
    return html`
<p>${cause} Microsoft has signed you in, and Mailroom keeps that for a few minutes.</p>
<p>Reload this page in a moment. If that does not help, start the sign-in again.</p>`;
  }
  return html`<p>${cause}</p><p>${nextStep}</p>`;
}

function startAgain(path: string | undefined): Html {
  if (path === undefined) {
    return html`<p class="soft">An administrator of Mailroom can start the sign-in again, and send you the new link.</p>`;
  }
  return html`
<div class="actions">
<form method="post" action="${path}"><button class="button">Start again</button></form>
<a class="button quiet" href="/">Back to Mailroom</a>
</div>`;
}
