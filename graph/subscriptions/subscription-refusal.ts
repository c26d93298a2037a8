import { Failure, isFailure } from '../../domain/failure.ts';
import { graphFailure } from '../client/graph-failure.ts';
import type { GraphAnswer } from '../client/graph-requests.ts';
import { safeToken } from '../client/safe-token.ts';
import type { UnexpectedAnswer } from '../client/unexpected-answer.ts';

/**
 * Why Microsoft created no subscription. It wraps its mailbox server's answer into a text (docs issues 6869,
 * docs-contrib 6584), so this is one of the two places where a text from outside is read; nothing of it is kept.
 *
 * A permanent refusal is `SubscriptionRefused`: the mailbox is polled, and the subscription retried after a while. So
 * is a 404, whatever its code says of mailbox and inbox: a missing mailbox or inbox is for its readers to find. A
 * transient failure is the same as everywhere.
 */
export function subscriptionRefusal(answer: GraphAnswer): Failure | UnexpectedAnswer {
  const { status, body, headers } = answer;
  const { code, message } = errorOf(body);
  const inner = /Status Code: (\w+)/.exec(message)?.[1]?.toLowerCase();
  const refused = (reason: 'endpoint-not-reached' | 'subscription-refused') =>
    new Failure('SubscriptionRefused', 'Microsoft Graph made no subscription', {
      reason,
      code: safeToken(code) ?? String(status),
      requestId: safeToken(headers.get('request-id')),
    });
  if (/validation/i.test(`${code} ${message}`) && status === 400) return refused('endpoint-not-reached');
  if (inner !== undefined && /^(serviceunavailable|internalservererror|gatewaytimeout|toomanyrequests)$/.test(inner)) {
    return new Failure('Unavailable', 'Microsoft Graph is not available', {
      reason: 'service-down',
      code: safeToken(code),
    });
  }
  if (status === 400 || status === 403 || status === 409) return refused('subscription-refused');
  const failure = graphFailure(answer, 'folder');
  const isOfMailbox = isFailure(failure, 'MailboxGone') || isFailure(failure, 'CursorExpired');
  return isOfMailbox ? refused('subscription-refused') : failure;
}

/**
 * The longest life in minutes that a refusal names: "Subscription expiration can only be N minutes in the future."
 * (docs issue 2988; 10,070 where the documentation says 10,080). Undefined when the refusal is about something else.
 */
export function parseExpirationCeiling({ status, body }: Pick<GraphAnswer, 'status' | 'body'>): number | undefined {
  if (status !== 400) return undefined;
  const minutes = Number(/can only be (\d{1,6}) minutes in the future/i.exec(errorOf(body).message)?.[1]);
  return minutes > 0 ? minutes : undefined;
}

function errorOf(body: unknown): { readonly code: string; readonly message: string } {
  const error = (body as { error?: { code?: unknown; message?: unknown } } | undefined)?.error;
  return { code: String(error?.code ?? ''), message: String(error?.message ?? '') };
}
