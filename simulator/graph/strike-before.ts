import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, FaultPlace, Faults } from '../faults.ts';
import { unauthenticated } from './check-token.ts';
import { tooManyRequests } from './create-throttle.ts';
import { GraphError } from './graph-error.ts';

/** The request gets no answer: the connection is cut. */
export class ConnectionReset extends Error {
  override readonly name = 'ConnectionReset';
}

/** A failure without a body, as from a gateway in front of the service. */
export class EmptyFailure extends Error {
  override readonly name = 'EmptyFailure';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, headers: Readonly<Record<string, string>>) {
    super(`Status ${status} without a body`);
    this.status = status;
    this.headers = headers;
  }
}

/** An answer from something in between instead of Graph: an HTML page, a redirect to a portal, a proxy. */
export class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer';
  readonly status: number;
  constructor(status: number) {
    super(`Status ${status} from something in between`);
    this.status = status;
  }

  get headers(): Readonly<Record<string, string>> {
    return {
      'content-type': 'text/html',
      ...(this.status >= 300 && this.status < 400 ? { location: 'https://portal.example/blocked' } : {}),
      ...(this.status === 407 ? { 'proxy-authenticate': 'Basic realm="proxy"' } : {}),
    };
  }
}

/** The page's content. */
export const FOREIGN_PAGE = '<html><body>Blocked by policy</body></html>';

const DEFAULT_DELAY_MS = 1_000;
const DEFAULT_RETRY_AFTER_SECONDS = 1;

/** Applies the faults that can strike any request: waits, or throws. `base` has the host that the client used. */
export async function strikeBefore(faults: Faults, place: FaultPlace, base: string): Promise<void> {
  const slow = faults.take('slow', place);
  if (slow) await wait(slow.delayMs ?? DEFAULT_DELAY_MS);
  if (faults.take('reset', place)) throw new ConnectionReset();
  const throttle = faults.take('throttle', place);
  if (throttle) {
    const seconds = throttle.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS;
    throw tooManyRequests('TooManyRequests', 'Please retry again later.', seconds);
  }
  const foreign = faults.take('foreign-answer', place);
  if (foreign) throw new ForeignAnswer(foreign.status ?? 200);
  if (faults.take('token-refused', place)) {
    throw unauthenticated('Signing key is invalid.', new URL(base).origin);
  }
  const unavailable = faults.take('unavailable', place);
  if (unavailable) throw failure(unavailable, 503, 'ServiceUnavailable', 'The service is unavailable.');
  const timeout = faults.take('gateway-timeout', place);
  if (timeout) throw failure(timeout, 504, 'UnknownError', 'The gateway did not answer in time.');
  const error = faults.take('error', place);
  if (error) {
    const text = error.error ?? 'An internal server error occurred. The operation failed.';
    throw failure(error, 500, 'ErrorInternalServerError', text);
  }
  if (faults.take('access-denied', place)) {
    throw new GraphError(403, 'ErrorAccessDenied', 'Access to OData is disabled.');
  }
  const other = faults.take('not-a-mailbox', place);
  if (other) throw notAMailbox(other.addressIs);
  if (faults.take('mailbox-gone', place)) {
    throw new GraphError(404, 'MailboxNotEnabledForRESTAPI', INACTIVE);
  }
}

/** Applies the faults that lose the answer of a change that was carried out. */
export async function strikeAfter(faults: Faults, method: string, place: FaultPlace): Promise<void> {
  if (method === 'GET') return;
  const lost = faults.take('lost-answer', place);
  if (lost) {
    await wait(lost.delayMs ?? 0);
    throw new ConnectionReset();
  }
  const failed = faults.take('failed-answer', place);
  if (failed)
    throw failure(failed, failed.status ?? 500, 'ErrorInternalServerError', 'An internal server error occurred.');
}

/** Graph's answer for addresses that are not a mailbox, or not under that name (msgraph docs issues 3979, 4978). */
function notAMailbox(addressIs: Fault['addressIs']): GraphError {
  switch (addressIs) {
    case 'group':
      return new GraphError(404, 'ErrorGroupIsUsedInNonGroupURI', 'Group Shard is used in non-Groups URI.');
    case 'alias':
      return new GraphError(404, 'ErrorInvalidUser', 'The requested user is invalid.');
    default:
      return new GraphError(404, 'MailboxNotEnabledForRESTAPI', INACTIVE);
  }
}

const INACTIVE = 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.';

function failure(fault: Fault, status: number, code: string, message: string): Error {
  const headers: Record<string, string> =
    fault.retryAfterSeconds === null ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
  return fault.emptyBody ? new EmptyFailure(status, headers) : new GraphError(status, code, message, headers);
}
