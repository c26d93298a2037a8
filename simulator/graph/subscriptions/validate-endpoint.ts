import { randomUUID } from 'node:crypto';
import type { FaultPlace } from '../../faults.ts';
import type { GraphContext } from '../graph-context.ts';
import { GraphError } from '../graph-error.ts';
import { invalidRequest } from './subscription-error.ts';

/**
 * The handshake before a subscription is created: every URL must return the token of its request within ten seconds, as
 * plain text and nothing else (learn.microsoft.com/graph/change-notifications-delivery-webhooks). Two equal URLs are
 * validated twice. Throws 400; the texts are those of microsoftgraph/nodejs-webhooks-sample#158 and #350.
 */
export async function validateEndpoints(
  { delivery, faults, limits }: GraphContext,
  place: FaultPlace,
  urls: readonly string[],
): Promise<void> {
  // Graph is known to answer this without having sent a request (microsoftgraph/msgraph-sdk-dotnet#2805).
  if (faults.take('validation-timeout', place)) throw timedOut();
  await Promise.all(
    urls.map(async (url) => {
      const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()}`;
      const asked = `${url}${url.includes('?') ? '&' : '?'}validationToken=${encodeURIComponent(token)}`;
      const answer = await delivery.ask(asked, limits.current().validationTimeoutMs);
      if (!answer) throw timedOut();
      if (answer.status !== 200) throw mustRespond(` HTTP status code is '${answer.status}'.`);
      if (!/^text\/plain\b/i.test(answer.contentType) || answer.body !== token) throw mustRespond('');
    }),
  );
}

function timedOut(): GraphError {
  return invalidRequest('Subscription validation request timed out.');
}

function mustRespond(status: string): GraphError {
  const must = 'Notification endpoint must respond with 200 OK to validation request.';
  return new GraphError(400, 'ValidationError', `Subscription validation request failed.${status} ${must}`);
}
