import type { FastifyInstance } from 'fastify';
import { ControlError, sendControlError } from '../entra/control/control-reply.ts';
import type { GraphContext } from '../graph/graph-context.ts';
import type { MailFolder } from '../mail/mail-folder.ts';
import { registerControlExchangeRoles } from './control-exchange-roles.ts';
import { registerControlFaults } from './control-faults.ts';
import { registerControlLimits } from './control-limits.ts';
import { registerControlMailboxes } from './control-mailboxes.ts';
import { registerControlMails } from './control-mails.ts';
import { registerControlMessages } from './control-messages.ts';
import { registerControlSending } from './control-sending.ts';
import { registerControlStats } from './control-stats.ts';
import { registerControlSubscriptions } from './control-subscriptions.ts';
import type { DirectoryWriter } from './resolve-mailbox.ts';

/** The largest raw mail that can be delivered: 150 MB, the limit of Exchange Online. */
const LARGEST_MAIL_BYTES = 150 * 1024 * 1024;

/** Adds the control API of mail: mailboxes, messages, subscriptions, faults, limits and statistics. */
export async function registerControl(
  app: FastifyInstance,
  context: GraphContext,
  directory: DirectoryWriter,
  mails: MailFolder | undefined,
): Promise<void> {
  await app.register(async (control) => {
    for (const type of ['message/rfc822', 'application/x-ndjson', 'application/octet-stream']) {
      control.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: LARGEST_MAIL_BYTES }, (_, body, done) =>
        done(null, body),
      );
    }
    control.setErrorHandler((error, _, reply) => {
      if (error instanceof ControlError) return sendControlError(reply, error);
      const status =
        typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
      if (status === 413) {
        return sendControlError(reply, new ControlError(413, 'TooLarge', 'A mail may have 150 MB at most.'));
      }
      if (status < 500 && error instanceof Error) {
        return sendControlError(reply, new ControlError(status, 'BadRequest', error.message));
      }
      throw error;
    });
    registerControlMailboxes(control, context, directory);
    registerControlExchangeRoles(control, context);
    registerControlMessages(control, context);
    registerControlSending(control, context);
    registerControlMails(control, mails);
    registerControlFaults(control, context);
    registerControlLimits(control, context);
    registerControlStats(control, context);
    registerControlSubscriptions(control, context);
  });
}
