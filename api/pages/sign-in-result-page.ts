import type { SignInRefusal } from '../../contract/mailbox.ts';
import type { FailureReason } from '../../domain/failure.ts';
import { type Html, html } from './html.ts';
import { OWNER_PATH } from './owner-pages.ts';
import { type Page, paragraphs } from './page.ts';
import type { PageWords } from './words/en.ts';

/** Why the sign-in to a mailbox failed: a failure, or an attempt that cannot be used. */
export type SignInMishap = SignInRefusal | 'unknown' | 'other-browser' | 'used' | 'expired' | 'removed';

/** What was entered: a mailbox, and who signs in to it if it is shared. */
export interface EnteredMailbox {
  readonly address: string;
  readonly signInAs?: string | null | undefined;
  /** The account that already reads the mailbox. */
  readonly connectedAs?: { readonly id: string; readonly address: string } | undefined;
}

export interface MishapView {
  /** Undefined: unknown attempt. */
  readonly entered?: EnteredMailbox | undefined;
  /** Where a signed-in administrator starts again; undefined for other users. */
  readonly startAgainPath?: string | undefined;
  /** True for users who may see the accounts, where they find the next step. */
  readonly mayGoBack?: boolean;
}

export function connectedPage({ mailbox: words, owner }: PageWords, { address, signInAs }: EnteredMailbox): Page {
  return {
    title: words.connected(address),
    tone: 'good',
    body: html`<p>${signInAs ? words.sharedConnectedWhat(signInAs) : words.connectedWhat}</p>
${ownerLink(owner)}`,
  };
}

/** The answer to *Connect* and to *Start again*: redirects to Microsoft, with a link as the fallback. */
export function toMicrosoftPage({ mailbox: words }: PageWords, url: string): Page {
  return {
    title: words.toMicrosoft,
    leadsTo: url,
    body: html`<p class="actions"><a class="button" href="${url}" rel="noreferrer">${words.goOn}</a></p>`,
  };
}

export function adminConsentPage({ mailbox: words }: PageWords): Page {
  return { title: words.approved, tone: 'good', body: html`<p>${words.approvedWhat}</p>` };
}

export function mishapPage(
  { mailbox: words, owner }: PageWords,
  mishap: SignInMishap,
  { entered, startAgainPath, mayGoBack = false }: MishapView,
): Page {
  return {
    title: titleOf(words, mishap, entered?.address),
    tone: 'bad',
    body: html`${paragraphs(explanation(words, mishap, entered))}${trace(words, mishap)}${mishap === 'used' && ownerLink(owner)}${startAgain(words, startAgainPath, mayGoBack)}`,
  };
}

/** Where who connected a mailbox sees and ends what is read of it. */
function ownerLink(words: PageWords['owner']): Html {
  return html`<p class="soft"><a href="${OWNER_PATH}">${words.title}</a></p>
`;
}

/** The HTTP status of the page, for machines. */
export function mishapStatus(mishap: SignInMishap): number {
  if (mishap === 'unknown') return 400;
  if (mishap === 'other-browser') return 403;
  if (typeof mishap === 'string') return 410;
  switch (mishap.type) {
    case 'CredentialRejected':
      return mishap.reason === 'code-expired' ? 410 : 403;
    case 'AccessRefused':
      return 403;
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

type Words = PageWords['mailbox'];

function titleOf(words: Words, mishap: SignInMishap, address: string | undefined): string {
  if (mishap === 'used' || mishap === 'expired' || mishap === 'removed') return words[mishap];
  if (mishap === 'other-browser') return words.otherBrowser;
  if (mishap === 'unknown' || address === undefined) return words.unknown;
  if (mishap.type === 'Unavailable') return words.notYet(address);
  return mishap.reason === 'wrong-account' ? words.other : words.not(address);
}

function explanation(words: Words, mishap: SignInMishap, entered: EnteredMailbox | undefined): readonly string[] {
  const address = entered?.address ?? '';
  switch (mishap) {
    case 'used':
      return [words.usedWhat(address)];
    case 'expired':
      return [words.expiredWhat(address)];
    case 'removed':
      return [words.removedWhat];
    case 'other-browser':
      return words.otherBrowserWhat;
    case 'unknown':
      return [words.unknownWhat];
    default:
      return failureExplanation(words, mishap, entered);
  }
}

/** The sign-in was stored but not redeemed yet. */
const WITHOUT_ANSWER: readonly FailureReason[] = [
  'temporal-down',
  'namespace-missing',
  'no-worker',
  'workflow-stuck',
  'workflow-ended',
];

function failureExplanation(
  words: Words,
  { type, reason }: SignInRefusal,
  entered: EnteredMailbox | undefined,
): readonly string[] {
  const { address = '', signInAs, connectedAs } = entered ?? {};
  if (reason === 'wrong-account') return words.otherWhat(signInAs ?? address);
  if (reason === 'mailbox-access-denied' && signInAs) return words.noAccessWhat(signInAs, address);
  if (reason === 'mailbox-connected' && connectedAs) return words.connectedAlreadyWhat(address, connectedAs.address);
  if (type === 'Unavailable' && reason && WITHOUT_ANSWER.includes(reason)) return words.keptWhat(type, reason);
  return words.failed(type, reason);
}

/** The ids by which Microsoft and its support find the refusal. */
function trace(words: Words, mishap: SignInMishap): Html {
  if (typeof mishap === 'string') return html``;
  const { code, status, requestId, clockSkewMs } = mishap;
  const parts = [
    clockSkewMs !== undefined && words.clockDiffers(Math.round(clockSkewMs / 1_000)),
    code !== undefined && code !== String(status) && code,
    status !== undefined && `HTTP ${status}`,
    requestId !== undefined && words.traceId(requestId),
  ].filter((part) => part !== false);
  return parts.length === 0 ? html`` : html`<p class="soft">${parts.join(' · ')}</p>\n`;
}

function startAgain(words: Words, path: string | undefined, mayGoBack: boolean): Html {
  if (path === undefined && !mayGoBack) return html`<p class="soft">${words.askAdministrator}</p>`;
  return html`
<div class="actions">
${path !== undefined && html`<form method="post" action="${path}"><button class="button">${words.startAgain}</button></form>`}
<a class="button quiet" href="/">${words.back}</a>
</div>`;
}
