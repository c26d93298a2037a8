/**
 * Types of failures in the work for an account, as one closed list. The edge where a foreign error appears (Graph,
 * Entra, PostgreSQL) converts it into one of these; all other code decides by `type` alone.
 *
 * The strings are wire format: they are the `type` of Temporal failures in recorded histories. Never rename one.
 */
export const failureTypes = [
  'Throttled',
  'Unavailable',
  'CredentialRejected',
  'AccessRefused',
  'SettingsRejected',
  'MailboxGone',
  'CursorExpired',
  'MessageRejected',
  'SubscriptionRefused',
  'InvalidTransition',
] as const;
export type FailureType = (typeof failureTypes)[number];

/** Reasons of failures, where a person would act differently on each. Safe to log and to show: never personal. */
export const failureReasons = [
  // CredentialRejected: the account has to sign in again.
  'sign-in-expired',
  'password-changed',
  'account-disabled',
  'account-not-found',
  'consent-needed',
  'admin-consent-needed',
  'interaction-required',
  'not-assigned',
  'access-denied',
  'consent-denied',
  'account-locked',
  'blocked-by-policy',
  'device-required',
  'risk-blocked',
  'external-challenge',
  'mfa-needed',
  'sign-in-frequency',
  'server-blocked-by-policy',
  'clock-wrong',
  'code-expired',
  'sign-in-mismatch',
  'wrong-account',
  'mailbox-connected',
  'address-not-allowed',
  'other-mailbox',
  'wrong-tenant',
  'not-signed-in',
  'mailbox-access-denied',
  // AccessRefused: Entra issues tokens and Graph refuses them; also `access-denied` and `mailbox-access-denied`.
  'token-refused',
  // AccessRefused with the application's own rights.
  'outside-application-scope',
  'application-access-off',
  'application-not-proved',
  // SettingsRejected: one fault of the global properties, for all accounts.
  'secret-wrong',
  'secret-expired',
  'client-certificate-missing',
  'client-certificate-refused',
  'client-certificate-expired',
  'app-not-found',
  'app-disabled',
  'resource-disabled',
  'tenant-not-found',
  'app-misconfigured',
  'redirect-uri-wrong',
  'settings-missing',
  // MailboxGone
  'mailbox-not-found',
  'mailbox-not-enabled',
  'group-not-mailbox',
  'name-unknown',
  // CursorExpired
  'sync-state-lost',
  'folder-gone',
  'quota-exceeded',
  // Lists of the inbox replace delta.
  'delta-refused',
  'delta-failed',
  'walk-endless',
  'delta-silent',
  'delta-not-offered',
  // MessageRejected
  'unreadable',
  'too-large',
  'gone-before-read',
  'not-storable',
  // SubscriptionRefused: the mailbox is polled.
  'endpoint-not-reached',
  'subscription-refused',
  // Throttled, Unavailable
  'rate-limited',
  'budget-used-up',
  'mailbox-held',
  'service-down',
  'answer-unknown',
  'foreign-answer',
  'redirected',
  'page-without-link',
  'network',
  'proxy-refused',
  'proxy-unreachable',
  'certificate-untrusted',
  'certificate-expired',
  'certificate-mismatch',
  'database-down',
  'database-busy',
  'database-full',
  'database-read-only',
  'database-refuses',
  'schema-outdated',
  'temporal-down',
  'no-worker',
  'workflow-stuck',
  'workflow-ended',
  'namespace-missing',
  'key-missing',
  'key-wrong',
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** Details of a failure besides its type. */
export interface FailureDetails {
  readonly reason?: FailureReason | undefined;
  /** How long the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The other side's own code (`ErrorItemNotFound`, `AADSTS50173`), for operators. Never free text from outside. */
  readonly code?: string | undefined;
  /** The HTTP status of the answer. */
  readonly status?: number | undefined;
  /** The other side's request or trace id, so that its support can find the request. */
  readonly requestId?: string | undefined;
  /** True: the request may have been carried out all the same; only the answer is missing. */
  readonly isUnclear?: boolean | undefined;
  /** With `clock-wrong`: the other side's clock minus ours, in milliseconds. */
  readonly clockSkewMs?: number | undefined;
  readonly cause?: unknown;
}

/** Code, HTTP status, request or trace id: the other side's support finds a refusal by them. */
export type FailureTrace = Pick<FailureDetails, 'code' | 'status' | 'requestId'>;

/**
 * The one error class of the domain. `message` is ours and generic: no address, subject, token or URL, because it
 * travels into Temporal histories and logs.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly type: FailureType;
  readonly reason: FailureReason | undefined;
  readonly retryAfterMs: number | undefined;
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly isUnclear: boolean;
  readonly clockSkewMs: number | undefined;

  constructor(type: FailureType, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.type = type;
    this.reason = details.reason;
    this.retryAfterMs = details.retryAfterMs;
    this.code = details.code;
    this.status = details.status;
    this.requestId = details.requestId;
    this.isUnclear = details.isUnclear ?? false;
    this.clockSkewMs = details.clockSkewMs;
  }
}

/** True for a failure of the given type; narrows `unknown` in catch clauses. */
export function isFailure(error: unknown, type?: FailureType): error is Failure {
  return error instanceof Failure && (type === undefined || error.type === type);
}
