import { Failure, type FailureReason } from '../domain/failure.ts';
import type { EntraError } from './entra-error.ts';
import { UnexpectedAnswer } from './unexpected-answer.ts';

/**
 * What an AADSTS number tells more exactly than `error` and `suberror` do. Numbers only refine the reason: Microsoft
 * may change them (learn.microsoft.com/entra/identity-platform/reference-error-codes), so the type of the failure is
 * decided before anybody looks here.
 */
const credentialReasons: Readonly<Record<number, FailureReason>> = {
  50020: 'wrong-tenant',
  50034: 'account-not-found',
  50053: 'account-locked',
  50055: 'password-changed',
  50057: 'account-disabled',
  50105: 'not-assigned',
  50132: 'password-changed',
  50133: 'password-changed',
  50147: 'sign-in-mismatch',
  50173: 'password-changed',
  53000: 'blocked-by-policy',
  53001: 'blocked-by-policy',
  53003: 'blocked-by-policy',
  54005: 'code-expired',
  65001: 'consent-needed',
  65004: 'consent-denied',
  70000: 'sign-in-expired',
  70008: 'sign-in-expired',
  70043: 'sign-in-expired',
  90094: 'admin-consent-needed',
  90095: 'admin-consent-needed',
  501481: 'sign-in-mismatch',
  530032: 'blocked-by-policy',
  700005: 'sign-in-mismatch',
  700082: 'sign-in-expired',
  700084: 'sign-in-expired',
};

const settingsReasons: Readonly<Record<number, FailureReason>> = {
  50011: 'redirect-uri-wrong',
  70001: 'app-not-found',
  90002: 'tenant-not-found',
  700016: 'app-not-found',
  900023: 'tenant-not-found',
  7000112: 'app-not-found',
  7000215: 'secret-wrong',
  7000218: 'settings-missing',
  7000222: 'secret-expired',
};

const suberrorReasons: Readonly<Record<string, FailureReason>> = {
  bad_token: 'sign-in-expired',
  client_mismatch: 'sign-in-mismatch',
  consent_required: 'consent-needed',
  user_password_expired: 'password-changed',
};

/** Throttled although `error` says something else: the tenant's limit, and the guard against clients that loop. */
const throttlingNumbers = new Set([90055, 50196]);

const messages = {
  CredentialRejected: 'Microsoft does not accept the sign-in of this account',
  SettingsRejected: 'Microsoft does not accept the tenant ID, client ID or client secret',
  Throttled: 'Microsoft asked us to wait with sign-ins',
  Unavailable: "Microsoft's sign-in service is not available",
} as const;

/**
 * Turns what Entra said into one of our failures. Pure. Branches on the HTTP status, then `error` and `suberror`; the
 * AADSTS number only refines the reason (learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow,
 * "error codes for token endpoint errors").
 *
 * The `invalid_client` family is a fault of the settings and never of one account: marking every mailbox as "needs
 * sign-in" when a secret expires would make thousands of people sign in for nothing.
 */
export function entraFailure(refusal: EntraError): Failure | UnexpectedAnswer {
  const { status = 400, error, codes } = refusal;
  if (status === 429 || codes.some((code) => throttlingNumbers.has(code))) {
    return failure('Throttled', 'rate-limited', refusal);
  }
  if (status >= 500 || error === 'temporarily_unavailable' || error === 'server_error') {
    return failure('Unavailable', 'service-down', refusal);
  }
  switch (error) {
    case 'invalid_grant':
      return failure('CredentialRejected', credentialReason(refusal, 'sign-in-expired'), refusal);
    case 'interaction_required':
    case 'login_required':
      return failure('CredentialRejected', credentialReason(refusal, 'interaction-required'), refusal);
    case 'consent_required':
      return failure('CredentialRejected', credentialReason(refusal, 'consent-needed'), refusal);
    case 'access_denied':
      return failure('CredentialRejected', credentialReason(refusal, 'access-denied'), refusal);
    case 'invalid_client':
    case 'unauthorized_client':
    case 'invalid_resource':
    case 'invalid_scope':
      return failure('SettingsRejected', refined(settingsReasons, refusal) ?? 'app-misconfigured', refusal);
    case 'invalid_request':
    case 'invalid_tenant': {
      // Mostly a fault of ours (a field missing); a tenant that does not exist comes under the same name.
      const reason = refined(settingsReasons, refusal);
      if (reason !== undefined) return failure('SettingsRejected', reason, refusal);
      if (error === 'invalid_tenant') return failure('SettingsRejected', 'tenant-not-found', refusal);
    }
  }
  return new UnexpectedAnswer('Entra gave an answer that we do not know', {
    status: refusal.status,
    code: failureCode(refusal),
    requestId: refusal.traceId,
  });
}

function credentialReason(refusal: EntraError, otherwise: FailureReason): FailureReason {
  const bySuberror = refusal.suberror === undefined ? undefined : suberrorReasons[refusal.suberror];
  if (bySuberror === undefined && refusal.suberror !== undefined && otherwise === 'sign-in-expired') {
    // basic_action, additional_action, message_only, ui_not_allowed, interrupted_user: a person has to do something.
    otherwise = 'interaction-required';
  }
  return refined(credentialReasons, refusal) ?? bySuberror ?? otherwise;
}

function refined(table: Readonly<Record<number, FailureReason>>, { codes }: EntraError): FailureReason | undefined {
  const known = codes.find((code) => Object.hasOwn(table, code));
  return known === undefined ? undefined : table[known];
}

function failure(type: keyof typeof messages, reason: FailureReason, refusal: EntraError): Failure {
  return new Failure(type, messages[type], {
    reason,
    code: failureCode(refusal),
    requestId: refusal.traceId,
    retryAfterMs: refusal.retryAfterMs,
  });
}

function failureCode({ codes, error }: EntraError): string | undefined {
  return codes[0] === undefined ? error : `AADSTS${codes[0]}`;
}
