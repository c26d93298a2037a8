import pLimit from 'p-limit';
import type { Logger } from 'pino';
import {
  keepSignInNeeded,
  noteWorkflowInformed,
  restoreSignIn,
  type SignInProbe,
  takeSignInProbes,
} from '../database/sign-in/sign-in-probes.ts';
import { mailboxPlace } from '../domain/account-access.ts';
import { type Failure, isFailure } from '../domain/failure.ts';
import { openMailbox } from '../ingest/access/mailbox-access.ts';
import type { Dependencies } from '../ingest/dependencies.ts';
import { describeError } from '../process/describe-error.ts';
import type { Mailboxes } from '../temporal/mailboxes.ts';

/** One or two requests to Microsoft each. */
const PROBES_AT_ONCE = 100;
const CONCURRENT_PROBES = 5;
/** No caller waits for it. */
const PROBE_WITHIN_MS = 30_000;

/**
 * Tries the stored sign-ins of accounts that wait for a person: a sign-in that was revoked by mistake, or forbidden by
 * a policy that was corrected since, works again without a person. Only Entra's success restores an account, and for a
 * shared mailbox a read of its inbox besides; any other result proves nothing.
 */
export function createSignInProbe(
  dependencies: Dependencies,
  mailboxes: Pick<Mailboxes, 'wake'>,
  logger: Logger,
): (signal: AbortSignal) => Promise<void> {
  const { db, tokens } = dependencies;
  const limit = pLimit(CONCURRENT_PROBES);

  /** Why the sign-in is still needed; undefined: it is not. Throws results that prove neither. */
  async function refusalOf(probe: SignInProbe, signal: AbortSignal): Promise<Failure | undefined> {
    try {
      await tokens.get(probe, { forceRefresh: true, signal });
      const place = mailboxPlace(probe);
      if (place.sharedAddress !== undefined) {
        await openMailbox(dependencies, { ...probe, ...place }, signal).proveAccess(signal);
      }
      return undefined;
    } catch (error) {
      if (isFailure(error, 'CredentialRejected')) return error;
      if (isFailure(error, 'AccessRefused') && error.reason === 'mailbox-access-denied') return error;
      throw error;
    }
  }

  async function probe(due: SignInProbe, stopped: AbortSignal): Promise<void> {
    const { accountId, address } = due;
    if (!due.isRestored) {
      const signal = AbortSignal.any([stopped, AbortSignal.timeout(PROBE_WITHIN_MS)]);
      const refusal = await refusalOf(due, signal);
      if (refusal !== undefined) return await keepSignInNeeded(db, due, refusal);
      if (!(await restoreSignIn(db, due))) return;
      logger.info({ accountId }, 'sign-in.restored');
    }
    await mailboxes.wake({ id: accountId, address }, { because: 'sign-in-restored' });
    await noteWorkflowInformed(db, due);
  }

  return async (signal) => {
    const due = await takeSignInProbes(db, PROBES_AT_ONCE);
    const probes = due.map((each) =>
      limit(async () => {
        if (signal.aborted) return;
        await probe(each, signal).catch((error: unknown) => {
          if (!signal.aborted)
            logger.warn({ accountId: each.accountId, ...describeError(error) }, 'sign-in.not-probed');
        });
      }),
    );
    await Promise.all(probes);
  };
}
