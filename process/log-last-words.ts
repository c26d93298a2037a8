import type { Logger } from 'pino';
import { describeError } from './describe-error.ts';

/**
 * Logs in one line what Node would print in many, with texts that no log should hold: warnings, and the uncaught error
 * that ends the process with code 1.
 */
export function logLastWords(logger: Logger): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => logger.warn(describeError(warning), 'process.warned'));
  process.on('uncaughtException', (error, origin) => {
    logger.fatal({ ...describeError(error), origin }, 'process.failed');
    process.exit(1);
  });
}
