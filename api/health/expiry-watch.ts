import type { Logger } from 'pino';
import { noteEndOfFile } from '../../database/accounts/client-certificates.ts';
import { type ExpiryWarning, takeExpiryWarnings } from '../../database/accounts/expiry-warnings.ts';
import { forgetPrevious } from '../../database/accounts/settings-credential.ts';
import type { Database } from '../../database/database.ts';
import { daysUntil, EXPIRY_WARNINGS_DAYS } from '../../domain/expiry.ts';
import { type ClientCertificate, certificateFacts } from '../../encryption/client-certificate.ts';
import { describeError } from '../../process/describe-error.ts';

/** Warnings are of days. */
const CHECK_EVERY_MS = 3_600_000;

export interface ExpiryWatch {
  stop(): Promise<void>;
}

/**
 * Logs a warning when the client secret, the certificate or an API key is about to end: once for all processes of the API.
 * Deletes a replaced secret that is not used any more.
 */
export function watchExpiry(
  db: Database,
  logger: Logger,
  {
    ofFile,
    ofSignOn,
  }: { readonly ofFile?: ClientCertificate | undefined; readonly ofSignOn?: string | undefined } = {},
): ExpiryWatch {
  let warnedDays = Number.POSITIVE_INFINITY;
  let checking = check();
  const timer = setInterval(() => {
    checking = check();
  }, CHECK_EVERY_MS);

  async function check(): Promise<void> {
    warnOfSignOn();
    try {
      await noteEndOfFile(db, ofFile);
      await forgetPrevious(db);
      for (const warning of await takeExpiryWarnings(db)) log(warning);
    } catch (error) {
      logger.warn(describeError(error), 'expiry.not-checked');
    }
  }

  /** The certificate for single sign-on is in no row: each process warns of it. */
  function warnOfSignOn(): void {
    if (ofSignOn === undefined) return;
    const { validTo: expiresAt } = certificateFacts(ofSignOn);
    const left = daysUntil(expiresAt, new Date());
    const days = EXPIRY_WARNINGS_DAYS.findLast((each) => left <= each);
    if (days === undefined || days >= warnedDays) return;
    warnedDays = days;
    logger.warn({ days, expiresAt }, 'sign-on-certificate.expires');
  }

  function log({ what, id, days, expiresAt }: ExpiryWarning): void {
    logger.warn({ keyId: id, days, expiresAt }, `${what}.expires`);
  }

  return {
    async stop() {
      clearInterval(timer);
      await checking;
    },
  };
}
