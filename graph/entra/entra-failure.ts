import { Failure, type FailureReason } from '../../domain/failure.ts';
import { UnexpectedAnswer } from '../client/unexpected-answer.ts';
import { credentialReason, isAboutPlace, isThrottling, isTransient, settingsReason } from './aadsts-reasons.ts';
import type { EntraError } from './entra-error.ts';

const suberrorReasons: Readonly<Record<string, FailureReason>> = {
  bad_token: 'sign-in-expired',
  token_expired: 'sign-in-expired',
  client_mismatch: 'sign-in-mismatch',
  consent_required: 'consent-needed',
  user_password_expired: 'password-changed',
};

const messages = {
  CredentialRejected: 'Microsoft does not accept the sign-in of this account',
  SettingsRejected: 'Microsoft does not accept the tenant ID, client ID, client secret or certificate',
  Throttled: 'Microsoft asked us to wait with sign-ins',
  Unavailable: "Microsoft's sign-in service is not available",
} as const;

/**
 * Converts a refusal of Entra into one of our failures. Pure. Branches on the HTTP status, then `error` and `suberror`
 * (learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow, "error codes for token endpoint errors"). The
 * AADSTS number refines the reason; it decides the type only where it names a fault of the settings, which Entra
 * reports under several names, and where `error` does not say whose fault it is.
 *
 * The `invalid_client` family is a fault of the settings and never of one account: marking every mailbox as "needs
 * sign-in" when a secret expires would make thousands of people sign in for nothing.
 */
export function entraFailure(refusal: EntraError): Failure | UnexpectedAnswer {
  const { status = 400, error, codes } = refusal;
  if (status === 429 || isThrottling(codes)) return failure('Throttled', 'rate-limited', refusal);
  if (status >= 500 || error === 'temporarily_unavailable' || error === 'server_error' || isTransient(codes)) {
    return failure('Unavailable', 'service-down', refusal);
  }
  const ofSettings = settingsReason(codes);
  if (ofSettings !== undefined) return failure('SettingsRejected', ofSettings, refusal);
  switch (error) {
    case 'invalid_grant':
      return failure('CredentialRejected', reasonOf(refusal, 'sign-in-expired'), refusal);
    case 'interaction_required':
    case 'login_required':
      return failure('CredentialRejected', reasonOf(refusal, 'interaction-required'), refusal);
    case 'consent_required':
      return failure('CredentialRejected', reasonOf(refusal, 'consent-needed'), refusal);
    case 'access_denied':
      return failure('CredentialRejected', reasonOf(refusal, 'access-denied'), refusal);
    case 'invalid_client':
    case 'unauthorized_client':
    case 'invalid_resource':
    case 'invalid_scope':
      return failure('SettingsRejected', 'app-misconfigured', refusal);
    case 'invalid_tenant':
      return failure('SettingsRejected', 'tenant-not-found', refusal);
  }
  // Otherwise a fault of ours (a missing field), unless the number says whose it is.
  if (credentialReason(codes) !== undefined) {
    return failure('CredentialRejected', reasonOf(refusal, 'interaction-required'), refusal);
  }
  return new UnexpectedAnswer('Entra gave an answer that we do not know', {
    status: refusal.status,
    code: failureCode(refusal),
    requestId: refusal.traceId,
  });
}

function reasonOf({ status, suberror, codes }: EntraError, otherwise: FailureReason): FailureReason {
  // The browser's sign-in succeeded before a code was redeemed: the location that Microsoft sees now is this server's.
  if (status !== undefined && isAboutPlace(codes)) return 'server-blocked-by-policy';
  const bySuberror = suberror === undefined ? undefined : suberrorReasons[suberror];
  if (bySuberror === undefined && suberror !== undefined && otherwise === 'sign-in-expired') {
    // basic_action, additional_action, message_only, ui_not_allowed, interrupted_user: a person has to act.
    otherwise = 'interaction-required';
  }
  return credentialReason(codes) ?? bySuberror ?? otherwise;
}

function failure(type: keyof typeof messages, reason: FailureReason, refusal: EntraError): Failure {
  return new Failure(type, messages[type], {
    reason,
    code: failureCode(refusal),
    status: refusal.status,
    requestId: refusal.traceId,
    retryAfterMs: refusal.retryAfterMs,
  });
}

function failureCode({ codes, error }: EntraError): string | undefined {
  return codes[0] === undefined ? error : `AADSTS${codes[0]}`;
}
