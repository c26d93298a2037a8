import { expect, test } from 'vitest';
import { Failure } from '../../domain/failure.ts';
import { microsoftCloud } from '../../graph/cloud.ts';
import { createSubscriptionClient } from '../../graph/subscriptions/subscription-client.ts';
import { send, startHttpServer } from './http-server.ts';

/** What comes of a subscription that Graph refuses with this answer. */
async function outcome(status: number, code: string, message = ''): Promise<string> {
  await using server = await startHttpServer((_request, response) =>
    send(response, status, { error: { code, message } }),
  );
  const client = createSubscriptionClient({
    cloud: microsoftCloud('simulator', server.url),
    getAccessToken: async () => 'token',
    retry: { retries: 0, firstDelayMs: 1, maxDelayMs: 1 },
  });
  const subscription = { notificationUrl: 'https://mail.contoso.example/graph/notifications', clientState: 'state' };
  const error = await client
    .create({ ...subscription, findUsed: async () => new Set<string>() }, { minutes: 10 })
    .catch((reason: unknown) => reason);
  return error instanceof Failure ? `${error.type}/${error.reason} ${error.code}` : String(error);
}

test.each([
  [
    400,
    'InvalidRequest',
    'Subscription validation request failed.',
    'SubscriptionRefused/endpoint-not-reached InvalidRequest',
  ],
  [
    403,
    'ExtensionError',
    'Operation: Create; Status Code: Forbidden',
    'SubscriptionRefused/subscription-refused ExtensionError',
  ],
  [404, 'ResourceNotFound', '', 'SubscriptionRefused/subscription-refused ResourceNotFound'],
  [404, 'MailboxNotEnabledForRESTAPI', '', 'SubscriptionRefused/subscription-refused MailboxNotEnabledForRESTAPI'],
  [404, 'ErrorItemNotFound', '', 'SubscriptionRefused/subscription-refused ErrorItemNotFound'],
  [403, 'ErrorQuotaExceeded', '', 'SubscriptionRefused/subscription-refused ErrorQuotaExceeded'],
  [400, 'ExtensionError', 'Status Code: ServiceUnavailable', 'Unavailable/service-down ExtensionError'],
  [503, 'ServiceUnavailable', '', 'Unavailable/service-down ServiceUnavailable'],
  [429, 'TooManyRequests', '', 'Throttled/rate-limited TooManyRequests'],
  [401, 'InvalidAuthenticationToken', '', 'AccessRefused/token-refused InvalidAuthenticationToken'],
])('%i %s %s: no subscription, because %s', async (status, code, message, expected) => {
  expect(await outcome(status, code, message)).toBe(expected);
});
