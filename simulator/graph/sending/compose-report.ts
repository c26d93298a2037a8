import { randomUUID } from 'node:crypto';
import MimeNode from 'nodemailer/lib/mime-node';
import { headerBlock } from '../../mail/header-block.ts';
import type { SentMail } from './create-sent-mails.ts';
import type { Failure } from './create-undeliverable.ts';
import { hostname, postmasterOf } from './postmaster.ts';

/** The report that a mail could not be delivered (RFC 3464), as Exchange Online sends it: without a return path. */
export async function composeReport(
  sent: SentMail,
  mime: Uint8Array,
  failures: readonly (Failure & { address: string })[],
): Promise<Buffer> {
  const report = new MimeNode('multipart/report; report-type=delivery-status');
  report.setHeader('Return-Path', '<>');
  report.setHeader('From', [postmasterOf(sent.from.address)]);
  report.setHeader('To', [sent.from.address]);
  report.setHeader('Subject', `Undeliverable: ${sent.subject}`);
  report.setHeader('Date', new Date().toUTCString().replace('GMT', '+0000'));
  report.setHeader('Message-ID', `<${randomUUID()}@SIM0PR01MB0001.prod.outlook.com>`);
  report.setHeader('In-Reply-To', sent.internetMessageId);
  report.setHeader('References', sent.internetMessageId);
  report.setHeader('Auto-Submitted', 'auto-replied');
  report.setHeader('X-MS-Exchange-Message-Is-Ndr', '');
  report
    .createChild('text/plain; charset=utf-8')
    .setContent(
      [
        `Your message to ${failures.map(({ address }) => address).join(', ')} couldn't be delivered.`,
        '',
        ...failures.map(({ address, diagnostic }) => `${address}: ${diagnostic}`),
        '',
      ].join('\r\n'),
    );
  const status = report.createChild('message/delivery-status');
  status.setHeader('Content-Transfer-Encoding', '7bit');
  status.setContent(
    [
      `Reporting-MTA: dns;${hostname(sent.from.address)}`,
      `Arrival-Date: ${sent.acceptedAt.toUTCString().replace('GMT', '+0000')}`,
      '',
      ...failures.flatMap(({ address, status: code, diagnostic }) => [
        `Final-Recipient: rfc822;${address}`,
        'Action: failed',
        `Status: ${code}`,
        `Diagnostic-Code: smtp;${diagnostic}`,
        '',
      ]),
    ].join('\r\n'),
  );
  const original = report.createChild('text/rfc822-headers');
  original.setContent(headerBlock(Buffer.from(mime)).toString('latin1'));
  return await report.build();
}
