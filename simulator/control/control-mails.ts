import type { FastifyInstance } from 'fastify';
import { ControlError } from '../entra/control/control-reply.ts';
import type { MailFolder } from '../mail/mail-folder.ts';

/** `/control/mails`: lists real mails to deliver, and returns each as it is. Empty without a folder. */
export function registerControlMails(app: FastifyInstance, mails: MailFolder | undefined): void {
  app.get('/control/mails', async () => ({ mails: (await mails?.list()) ?? [] }));

  app.get<{ Params: { name: string } }>('/control/mails/:name', async ({ params }, reply) => {
    const mime = await mails?.read(params.name);
    if (!mime) throw new ControlError(404, 'MailNotFound', 'No mail has this name.');
    return reply.type('message/rfc822').header('x-content-type-options', 'nosniff').send(mime);
  });
}
