import { findSettings } from '../../database/accounts/settings.ts';
import { skewToDatabase } from '../../database/accounts/skew-to-database.ts';
import { type DueCheck, endCheck, type ScopeCheck } from '../../database/application-access/application-access.ts';
import { type CanaryResult, scopeOutcome } from '../../domain/application-access.ts';
import { Failure, isFailure } from '../../domain/failure.ts';
import { acquireApplicationToken, applicationRoles } from '../../graph/entra/application-token.ts';
import type { EntraSettings } from '../../graph/entra/entra-settings.ts';
import { createMailboxClient } from '../../graph/mail/mailbox-client.ts';
import type { Dependencies } from '../dependencies.ts';

/** Time limit of each request: an administrator waits for the result. */
const REQUEST_TIMEOUT_MS = 10_000;
const once = { retries: 0, firstDelayMs: 0, maxDelayMs: 0 } as const;

interface Tried {
  readonly canary: string;
  readonly result: CanaryResult;
  /** Why there is no result. */
  readonly failure?: Failure;
  readonly clockSkewMs: number | undefined;
}

/**
 * Tries with a new token of the application to read each mailbox that it must not read, and stores what that proves.
 * Asks for the id of the inbox, the least that a permission to mail gives: no mail is read, even where it could be.
 * Failures of Microsoft are results; throws errors of our own side.
 */
export async function checkApplicationScope(
  { db, keys, cloud, certificate }: Pick<Dependencies, 'db' | 'keys' | 'cloud' | 'certificate'>,
  due: DueCheck,
  signal: AbortSignal,
): Promise<ScopeCheck> {
  const settings = await findSettings(db, keys, certificate);
  const check = await tryCanaries(settings).catch((error: unknown) => {
    if (isFailure(error)) return withoutResult({ failure: error });
    throw error;
  });
  await endCheck(db, due, settings, { ...check, clockSkewMs: await skewToDatabase(db, check.clockSkewMs) });
  return check;

  async function tryCanaries(entered: EntraSettings | undefined): Promise<ScopeCheck> {
    if (!entered) throw new Failure('SettingsRejected', 'The settings are not entered', { reason: 'settings-missing' });
    const timeoutMs = REQUEST_TIMEOUT_MS;
    const { token } = await acquireApplicationToken({ cloud, settings: entered, signal, timeoutMs });
    const tried = await Promise.all(due.canaries.map((canary) => tryToRead(canary, token)));
    signal.throwIfAborted();
    const having = (wanted: CanaryResult) =>
      tried.filter(({ result }) => result === wanted).map(({ canary }) => canary);
    const facts = {
      missing: having('missing'),
      roles: applicationRoles(token),
      clockSkewMs: tried.find(({ clockSkewMs }) => clockSkewMs !== undefined)?.clockSkewMs,
    };
    const outcome = scopeOutcome(tried.map(({ result }) => result));
    if (outcome !== undefined) return { ...facts, outcome, readable: having('readable'), failure: undefined };
    return withoutResult({ ...facts, failure: tried.find(({ failure }) => failure)?.failure });
  }

  async function tryToRead(canary: string, token: string): Promise<Tried> {
    const mailbox = createMailboxClient({
      cloud,
      applicationAddress: canary,
      getAccessToken: async () => token,
      timeoutMs: REQUEST_TIMEOUT_MS,
      retry: once,
    });
    try {
      await mailbox.proveAlive(signal);
      return { canary, result: 'readable', clockSkewMs: mailbox.clockSkewMs() };
    } catch (error) {
      if (!isFailure(error)) throw error;
      const result = canaryResultOf(error);
      const clockSkewMs = mailbox.clockSkewMs();
      return result === 'unknown' ? { canary, result, failure: error, clockSkewMs } : { canary, result, clockSkewMs };
    }
  }
}

/** Only Exchange's own refusal shows that the application may not read: a proxy's 403, or a 401, says nothing about it. */
export function canaryResultOf({ type, reason, code }: Pick<Failure, 'type' | 'reason' | 'code'>): CanaryResult {
  if (type === 'AccessRefused' && reason === 'access-denied' && code === 'ErrorAccessDenied') return 'refused';
  return type === 'MailboxGone' ? 'missing' : 'unknown';
}

/** A check that proves nothing. Without a failure, none of the canaries exists. */
function withoutResult({
  failure,
  ...facts
}: Partial<Pick<ScopeCheck, 'missing' | 'roles' | 'clockSkewMs'>> & {
  readonly failure: Failure | undefined;
}): ScopeCheck {
  const nothing = { outcome: undefined, readable: [], missing: [], roles: undefined, clockSkewMs: undefined };
  if (failure === undefined) return { ...nothing, ...facts, failure: { reason: 'mailbox-not-found' } };
  const { type, reason = type, code, status, requestId } = failure;
  return { ...nothing, ...facts, failure: { reason, code, status, requestId } };
}
