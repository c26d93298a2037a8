import { Failure, type FailureReason, type FailureType } from '../../domain/failure.ts';
import { parseRetryAfter } from './retry-after.ts';
import { safeToken } from './safe-token.ts';
import { UnexpectedAnswer } from './unexpected-answer.ts';

/** Subject of a request; the same 404 means a missing mailbox, folder or message. */
export type GraphSubject = 'mailbox' | 'folder' | 'cursor' | 'message';

/** An unsuccessful answer of Graph. */
export interface GraphRefusal {
  readonly status: number;
  readonly headers: Pick<Headers, 'get'>;
  /** Parsed JSON, or anything else: 503 often comes with an empty body. */
  readonly body: unknown;
}

/** Codes that name the mailbox, whatever was requested. The first two alternate for one mailbox (docs issue 10481). */
const mailboxReasons = new Map<string, FailureReason>([
  ['mailboxnotenabledforrestapi', 'mailbox-not-enabled'],
  ['resourcenotfound', 'mailbox-not-found'],
  ['errorinvaliduser', 'name-unknown'],
  ['errorgroupisusedinnongroupuri', 'group-not-mailbox'],
  ['request_resourcenotfound', 'mailbox-not-found'],
  ['errornonexistentmailbox', 'mailbox-not-found'],
]);

const cursorReasons = new Map<string, FailureReason>([
  ['syncstatenotfound', 'sync-state-lost'],
  ['syncstateinvalid', 'sync-state-lost'],
  ['resyncrequired', 'sync-state-lost'],
  ['errorsyncfoldernotfound', 'folder-gone'],
  ['errorquotaexceeded', 'quota-exceeded'],
]);

/** 509: "exceeding the maximum bandwidth cap" (learn.microsoft.com/graph/errors). */
export const throttlingStatuses: ReadonlySet<number> = new Set([429, 509]);
const throttlingCodes = new Set(['toomanyrequests', 'applicationthrottled', 'errortoomanyobjectsopened']);

/** Codes that blame one item, even with a status of 500 (docs issues; alcionai/corso skips these, too). */
const itemCodes = new Set(['errorcorruptdata', 'errorinvalidrecipients', 'errorinvalididmalformed']);

const messages: Readonly<Partial<Record<FailureType, string>>> = {
  Throttled: 'Microsoft asked us to wait',
  Unavailable: 'Microsoft Graph is not available',
  AccessRefused: 'Microsoft Graph refused the access of this account',
  MailboxGone: 'Microsoft Graph has no mailbox for this account',
  CursorExpired: 'Microsoft Graph no longer knows where reading stopped',
  MessageRejected: 'Microsoft Graph cannot give this message',
};

/**
 * Converts a refusal of Graph into one of our failures. Pure, apart from the clock for a Retry-After date. Codes are
 * compared without case (they come in camel and Pascal case), the deepest known one of `innerError` decides
 * (learn.microsoft.com/graph/errors), texts are never read.
 *
 * In a request for one message, any other error counts as that message's fault: one bad message must not stop a
 * mailbox. An unexplained refusal is an UnexpectedAnswer.
 *
 * A 401 or 403 is AccessRefused and never CredentialRejected: Graph, or an appliance on the way, cannot know whether a
 * person has to sign in. Only Entra can, and it is asked for a fresh token before a second 401 gets here.
 */
export function graphFailure(
  { status, headers, body }: GraphRefusal,
  subject: GraphSubject,
  nowMs: number = Date.now(),
): Failure | UnexpectedAnswer {
  const code = graphErrorCode(body);
  const known = code?.toLowerCase() ?? '';
  const details = {
    code: code ?? String(status),
    status,
    requestId: safeToken(headers.get('request-id')),
    retryAfterMs: parseRetryAfter(headers.get('retry-after'), nowMs),
  };
  const failure = (type: FailureType, reason: FailureReason) =>
    new Failure(type, messages[type] ?? type, { reason, ...details });

  if (throttlingStatuses.has(status) || throttlingCodes.has(known)) return failure('Throttled', 'rate-limited');
  const foreign = foreignAnswer({ status, headers, body });
  if (foreign !== undefined) return new Failure('Unavailable', foreignMessage, { reason: foreign, ...details });
  if (status === 401) return failure('AccessRefused', 'token-refused');
  const mailboxReason = mailboxReasons.get(known);
  if (mailboxReason !== undefined) return failure('MailboxGone', mailboxReason);
  if (subject === 'message' && itemCodes.has(known)) return failure('MessageRejected', 'unreadable');
  const cursorReason = cursorReasons.get(known);
  if (cursorReason !== undefined && subject !== 'message') return failure('CursorExpired', cursorReason);
  if (status >= 500 || status === 408) return failure('Unavailable', 'service-down');
  if (status === 403) return failure('AccessRefused', 'access-denied');
  switch (subject) {
    case 'message':
      if (status === 404 || status === 410) return failure('MessageRejected', 'gone-before-read');
      return failure('MessageRejected', status === 413 ? 'too-large' : 'unreadable');
    case 'cursor':
      if (status === 404) return failure('CursorExpired', 'folder-gone');
      // 410, and "40X" (learn.microsoft.com/graph/delta-query-overview): Graph no longer accepts the link.
      if (status === 400 || status === 410) return failure('CursorExpired', 'sync-state-lost');
      break;
    case 'folder':
      if (status === 404) return failure('CursorExpired', 'folder-gone');
      if (status === 410) return failure('CursorExpired', 'sync-state-lost');
      break;
    case 'mailbox':
      if (status === 404) return failure('MailboxGone', 'mailbox-not-found');
  }
  return new UnexpectedAnswer('Microsoft Graph gave an answer that we do not know', details);
}

const foreignMessage = 'Something else than Microsoft Graph answered';

/**
 * Why an answer cannot be Graph's: a proxy that requires its own sign-in, a redirect (Graph sends none), or an HTML
 * page of a proxy or portal. 5xx are left out, because Microsoft's own gateways answer those in HTML.
 */
export function foreignAnswer({ status, headers, body }: GraphRefusal): FailureReason | undefined {
  if (status === 407) return 'proxy-refused';
  if (status >= 300 && status < 400) return 'redirected';
  if (status >= 500 || body !== undefined) return undefined;
  return /html/i.test(headers.get('content-type') ?? '') ? 'foreign-answer' : undefined;
}

/**
 * The code of an error body: the deepest known one, else the outermost. Older answers spell `innererror`. Undefined
 * when there is none, or when it is not a code at all.
 */
export function graphErrorCode(body: unknown): string | undefined {
  let outermost: string | undefined;
  let deepestKnown: string | undefined;
  let error: unknown = isRecord(body) ? body.error : undefined;
  for (let depth = 0; isRecord(error) && depth < 5; depth += 1) {
    const code = safeToken(error.code);
    outermost ??= code;
    if (code !== undefined && isKnown(code.toLowerCase())) deepestKnown = code;
    error = error.innerError ?? error.innererror;
  }
  return deepestKnown ?? outermost;
}

function isKnown(code: string): boolean {
  return mailboxReasons.has(code) || cursorReasons.has(code) || throttlingCodes.has(code) || itemCodes.has(code);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
