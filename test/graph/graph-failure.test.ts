import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../domain/failure.ts';
import { type GraphSubject, graphFailure } from '../../graph/client/graph-failure.ts';
import { UnexpectedAnswer } from '../../graph/client/unexpected-answer.ts';
import { sample } from './sample.ts';

const subjects: GraphSubject[] = ['mailbox', 'folder', 'cursor', 'message'];

function refusal(status: number, code?: string, headers: Record<string, string> = {}) {
  return { status, headers: new Headers(headers), body: code === undefined ? undefined : { error: { code } } };
}

function outcome(status: number, code: string | undefined, subject: GraphSubject) {
  const failure = graphFailure(refusal(status, code), subject);
  return failure instanceof Failure ? `${failure.type}/${failure.reason}` : failure.name;
}

describe('a refusal of Graph', () => {
  test.each([
    [429, 'TooManyRequests', 'cursor', 'Throttled/rate-limited'],
    [429, undefined, 'message', 'Throttled/rate-limited'],
    [400, 'ErrorTooManyObjectsOpened', 'message', 'Throttled/rate-limited'],
    [503, 'ApplicationThrottled', 'cursor', 'Throttled/rate-limited'],
    [401, 'InvalidAuthenticationToken', 'cursor', 'AccessRefused/token-refused'],
    [403, 'ErrorAccessDenied', 'cursor', 'AccessRefused/access-denied'],
    [403, 'ErrorAccessDenied', 'message', 'AccessRefused/access-denied'],
    [403, 'ErrorQuotaExceeded', 'cursor', 'CursorExpired/quota-exceeded'],
    [404, 'MailboxNotEnabledForRESTAPI', 'mailbox', 'MailboxGone/mailbox-not-enabled'],
    [404, 'MailboxNotEnabledForRESTAPI', 'message', 'MailboxGone/mailbox-not-enabled'],
    [404, 'ResourceNotFound', 'cursor', 'MailboxGone/mailbox-not-found'],
    [404, 'ErrorInvalidUser', 'folder', 'MailboxGone/name-unknown'],
    [404, 'ErrorGroupIsUsedInNonGroupURI', 'mailbox', 'MailboxGone/group-not-mailbox'],
    [400, 'ErrorGroupIsUsedInNonGroupURI', 'cursor', 'MailboxGone/group-not-mailbox'],
    [404, undefined, 'mailbox', 'MailboxGone/mailbox-not-found'],
    [404, 'ErrorItemNotFound', 'cursor', 'CursorExpired/folder-gone'],
    [404, 'ErrorSyncFolderNotFound', 'folder', 'CursorExpired/folder-gone'],
    [410, 'SyncStateNotFound', 'cursor', 'CursorExpired/sync-state-lost'],
    [410, 'syncStateNotFound', 'cursor', 'CursorExpired/sync-state-lost'],
    [400, 'ResyncRequired', 'cursor', 'CursorExpired/sync-state-lost'],
    [400, 'ErrorInvalidUrlQuery', 'cursor', 'CursorExpired/sync-state-lost'],
    [410, undefined, 'folder', 'CursorExpired/sync-state-lost'],
    [404, 'ErrorItemNotFound', 'message', 'MessageRejected/gone-before-read'],
    [400, 'ErrorInvalidIdMalformed', 'message', 'MessageRejected/unreadable'],
    [500, 'ErrorCorruptData', 'message', 'MessageRejected/unreadable'],
    [400, 'SomethingNew', 'message', 'MessageRejected/unreadable'],
    [413, undefined, 'message', 'MessageRejected/too-large'],
    [500, 'ErrorInternalServerError', 'message', 'Unavailable/service-down'],
    [500, 'ErrorCorruptData', 'cursor', 'Unavailable/service-down'],
    [503, 'ErrorMailboxMoveInProgress', 'cursor', 'Unavailable/service-down'],
    [503, undefined, 'cursor', 'Unavailable/service-down'],
    [504, 'UnknownError', 'folder', 'Unavailable/service-down'],
    [400, 'InefficientFilter', 'folder', 'UnexpectedAnswer'],
    [400, 'constructor', 'folder', 'UnexpectedAnswer'],
    [302, undefined, 'cursor', 'Unavailable/redirected'],
    [307, undefined, 'message', 'Unavailable/redirected'],
    [407, undefined, 'message', 'Unavailable/proxy-refused'],
    [401, undefined, 'message', 'AccessRefused/token-refused'],
  ] as const)('%i %s about a %s is %s', (status, code, subject, expected) => {
    expect(outcome(status, code, subject)).toBe(expected);
  });

  test.each([200, 400, 401, 403, 404])('a page for people with status %i is none of Graph', (status) => {
    for (const type of ['text/html', 'text/html; charset=utf-8', 'application/xhtml+xml']) {
      for (const subject of subjects) {
        const headers = new Headers({ 'content-type': type, 'request-id': 'r-1' });
        const failure = graphFailure({ status, headers, body: undefined }, subject);
        expect(failure).toMatchObject({ type: 'Unavailable', reason: 'foreign-answer', status, requestId: 'r-1' });
      }
    }
  });

  test('JSON stays that of Graph, whatever its type is called', () => {
    const refused = { ...refusal(403, 'ErrorAccessDenied', { 'content-type': 'text/html' }) };
    expect(graphFailure(refused, 'mailbox')).toMatchObject({ type: 'AccessRefused', status: 403 });
  });

  test('the deepest known code of innerError decides', () => {
    const body = {
      error: { code: 'UnknownError', innerError: { code: 'x', innererror: { code: 'SyncStateNotFound' } } },
    };
    expect(graphFailure({ ...refusal(400), body }, 'folder')).toMatchObject({
      type: 'CursorExpired',
      code: 'SyncStateNotFound',
    });
  });

  test('recorded bodies are understood, with a fractional Retry-After and the request id', () => {
    const throttled = graphFailure(
      {
        status: 429,
        headers: new Headers({ 'retry-after': '2.128', 'request-id': '94fb3b52-452a-4535-a601-69e0a90e3aa2' }),
        body: sample('error-429-toomanyrequests'),
      },
      'cursor',
    );
    expect(throttled).toMatchObject({
      type: 'Throttled',
      retryAfterMs: 2_128,
      code: 'TooManyRequests',
      requestId: '94fb3b52-452a-4535-a601-69e0a90e3aa2',
    });
    const denied = graphFailure({ ...refusal(403), body: sample('error-403-access-policy') }, 'cursor');
    expect(denied).toMatchObject({ type: 'AccessRefused', reason: 'access-denied', code: 'ErrorAccessDenied' });
    const bad = graphFailure({ ...refusal(400), body: sample('error-400-bad-mime') }, 'folder');
    expect(bad).toBeInstanceOf(UnexpectedAnswer);
  });

  test('free text from outside never gets into the failure', () => {
    const body = { error: { code: 'see https://x/?q=anna@contoso.example', message: 'anna@contoso.example' } };
    for (const subject of subjects) {
      const failure = graphFailure({ ...refusal(400, undefined, { 'request-id': 'anna @' }), body }, subject);
      expect(JSON.stringify(failure) + failure.message).not.toContain('anna');
    }
  });

  test('whatever the answer is, it becomes an error and never throws', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 201, max: 599 }),
        fc.jsonValue(),
        fc.constantFrom(...subjects),
        fc.string(),
        (status, body, subject, retryAfter) => {
          const headers = { get: (name: string) => (name === 'retry-after' ? retryAfter : null) };
          expect(graphFailure({ status, headers, body }, subject)).toBeInstanceOf(Error);
        },
      ),
    );
  });
});
