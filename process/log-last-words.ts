import type { Logger } from 'pino';
import { describeError } from './describe-error.ts';

/**
 * Makes one line of the log of what Node would print itself, in many lines and with texts that no log should hold: its
 * warnings, and the error that nothing caught, over which the process ends with code 1.
 */
export function logLastWords(logger: Logger): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => logger.warn(describeError(warning), 'process.warned'));
  process.on('uncaughtException', (error, origin) => {
    logger.fatal({ ...describeError(error), origin }, 'process.failed');
    process.exit(1);
  });
}
