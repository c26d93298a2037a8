import type { Logger } from 'pino';
import { noteEndOfFile } from '../../database/accounts/client-certificates.ts';
import { type ExpiryWarning, takeExpiryWarnings } from '../../database/accounts/expiry-warnings.ts';
import { forgetPrevious } from '../../database/accounts/settings-credential.ts';
import type { Database } from '../../database/database.ts';
import type { ClientCertificate } from '../../encryption/client-certificate.ts';
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
export function watchExpiry(db: Database, logger: Logger, certificate?: ClientCertificate): ExpiryWatch {
  let checking = check();
  const timer = setInterval(() => {
    checking = check();
  }, CHECK_EVERY_MS);

  async function check(): Promise<void> {
    try {
      await noteEndOfFile(db, certificate);
      await forgetPrevious(db);
      for (const warning of await takeExpiryWarnings(db)) log(warning);
    } catch (error) {
      logger.warn(describeError(error), 'expiry.not-checked');
    }
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
