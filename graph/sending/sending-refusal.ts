import type { SendingReason } from '../../domain/answer.ts';
import type { FailureTrace } from '../../domain/failure.ts';
import type { GraphRefusal } from '../client/graph-failure.ts';
import { graphErrorCode, throttlingStatuses } from '../client/graph-failure.ts';
import { parseRetryAfter } from '../client/retry-after.ts';
import { safeToken } from '../client/safe-token.ts';

/** Graph refused a step of sending. `message` names no person. */
export class SendingRefusal extends Error {
  override readonly name = 'SendingRefusal';
  readonly reason: SendingReason;
  readonly trace: FailureTrace;
  /** Milliseconds that Graph asked to wait. */
  readonly retryAfterMs: number | undefined;
  /** The request may have been carried out all the same. */
  readonly isUnclear: boolean;

  constructor(
    reason: SendingReason,
    {
      retryAfterMs,
      isUnclear = false,
      ...trace
    }: FailureTrace & { readonly retryAfterMs?: number | undefined; readonly isUnclear?: boolean },
  ) {
    super(`Microsoft Graph refused to send: ${reason}`);
    this.reason = reason;
    this.trace = trace;
    this.retryAfterMs = retryAfterMs;
    this.isUnclear = isUnclear;
  }
}

/**
 * Codes of Graph and Exchange, in lower case, that say what to do; any other is `refused`, with its code for Microsoft's
 * support. Sources: learn.microsoft.com/graph/errors; …/graph/outlook-send-mail-from-other-user (`ErrorSendAsDenied`);
 * …/exchange/client-developer/web-service-reference/responsecode, the codes of Exchange Web Services, which Graph passes
 * on; …/dotnet/api/microsoft.exchange.webservices.data.serviceerror, for those of Exchange's sending limits and of its
 * protection against abuse (from `ErrorMessageSubmissionBlocked` on).
 */
const reasons: ReadonlyMap<string, SendingReason> = new Map([
  ['errorsendasdenied', 'send-as-denied'],
  ['errorquotaexceeded', 'mailbox-full'],
  ['errormessagesizeexceeded', 'message-too-large'],
  ['errorattachmentsizelimitexceeded', 'message-too-large'],
  ['errorinvalidrecipients', 'recipient-refused'],
  ['errorinvalidsmtpaddress', 'recipient-refused'],
  ['errorinvalidroutingtype', 'recipient-refused'],
  ['errormissingrecipients', 'recipient-refused'],
  ['errorexceededmaxrecipientlimit', 'too-many-recipients'],
  ['errorexceededmaxrecipientlimitblock', 'too-many-recipients'],
  ['errorexceededmaxrecipientlimitshowtierupgrade', 'too-many-recipients'],
  ['errorsubmissionquotaexceeded', 'send-quota-used-up'],
  ['errorexceededmessagelimit', 'send-quota-used-up'],
  ['errorexceededmessagelimitshowtierupgrade', 'send-quota-used-up'],
  ['errormessagesubmissionblocked', 'sending-blocked'],
  ['errormessageblocked', 'sending-blocked'],
  ['erroraccountsuspend', 'sending-blocked'],
  ['erroraccountsuspendshowtierupgrade', 'sending-blocked'],
  ['mailboxnotenabledforrestapi', 'mailbox-gone'],
  ['resourcenotfound', 'mailbox-gone'],
  ['request_resourcenotfound', 'mailbox-gone'],
  ['errorinvaliduser', 'mailbox-gone'],
  ['errornonexistentmailbox', 'mailbox-gone'],
  ['toomanyrequests', 'throttled'],
  ['applicationthrottled', 'throttled'],
  ['errortoomanyobjectsopened', 'throttled'],
]);

/** Exchange itself refuses, before it does anything. */
const busy: ReadonlySet<string> = new Set([
  'errorserverbusy',
  'errormailboxstoreunavailable',
  'errormailboxmoveinprogress',
]);

/**
 * An unsuccessful answer to a step of sending. A request that is throttled is refused before anything is done; after a
 * 5xx, and after anything that is not Graph's own answer, it is not known.
 */
export function sendingRefusal({ status, headers, body }: GraphRefusal, nowMs = Date.now()): SendingRefusal {
  const code = graphErrorCode(body);
  const facts = {
    code: code ?? String(status),
    status,
    requestId: safeToken(headers.get('request-id')),
    retryAfterMs: parseRetryAfter(headers.get('retry-after'), nowMs),
  };
  const known = reasons.get(code?.toLowerCase() ?? '');
  if (throttlingStatuses.has(status)) return new SendingRefusal('throttled', facts);
  if (known !== undefined && status < 500) return new SendingRefusal(known, facts);
  // Nothing can be saved: no draft, and no copy of what is sent.
  if (status === 507) return new SendingRefusal('mailbox-full', facts);
  if (status >= 500 || status === 408 || code === undefined) {
    return new SendingRefusal(status === 413 ? 'message-too-large' : 'microsoft-down', {
      ...facts,
      isUnclear: status !== 413 && !busy.has(code?.toLowerCase() ?? ''),
    });
  }
  if (status === 413) return new SendingRefusal('message-too-large', facts);
  // Entra was asked for a fresh token before a second 401 gets here.
  if (status === 401) return new SendingRefusal('microsoft-down', facts);
  if (status === 403) return new SendingRefusal('access-denied', facts);
  if (status === 404 || status === 410) return new SendingRefusal('message-gone', facts);
  return new SendingRefusal('refused', facts);
}
