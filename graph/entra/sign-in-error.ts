import { Failure, isFailure } from '../../domain/failure.ts';
import { safeToken } from '../client/safe-token.ts';
import type { UnexpectedAnswer } from '../client/unexpected-answer.ts';
import { aadstsNumbers, traceIdIn } from './entra-error.ts';
import { entraFailure } from './entra-failure.ts';

/** The query of a redirect URI, as an HTTP server parses it. */
export type SignInQuery = Readonly<Record<string, unknown>>;

/**
 * Reads why Microsoft sent the browser back without a code: `error`, `error_subcode` and the number in
 * `error_description` (learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow, "error response").
 * Declined consent has the reason `consent-denied`, an approval that only an administrator can give
 * `admin-consent-needed`, a person who is not assigned to the app `not-assigned`. Also for the admin-consent redirect,
 * whose older form says `permission_denied`. Never throws; a parameter given twice counts as absent.
 */
export function parseSignInError(query: SignInQuery): Failure | UnexpectedAnswer {
  const error = safeToken(query.error);
  const subcode = safeToken(query.error_subcode);
  const refusal = entraFailure({
    error: error === 'permission_denied' ? 'access_denied' : error,
    suberror: subcode ?? safeToken(query.suberror),
    codes: aadstsNumbers(query.error_description),
    traceId: safeToken(query.trace_id) ?? traceIdIn(query.error_description),
  });
  // Pages that cannot be passed ("Need admin approval") end in a cancellation, too: their number is more exact.
  const cancelled = subcode === 'cancel' || error === 'permission_denied';
  if (!cancelled || !isFailure(refusal) || refusal.reason !== 'access-denied') return refusal;
  return new Failure('CredentialRejected', 'The sign-in was cancelled', {
    reason: 'consent-denied',
    code: refusal.code,
    requestId: refusal.requestId,
  });
}
