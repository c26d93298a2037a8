import { headerBlock } from '../../mail/header-block.ts';
import type { Sender } from './resolve-sender.ts';

/**
 * The bytes of a mail that a client gave as MIME, with the headers that the server sets, and without Bcc. Everything
 * else leaves as it was given, signatures included.
 */
export function completeHeaders(mime: Uint8Array, { from, sender }: Sender, messageId: string, sentAt: Date): Buffer {
  const bytes = Buffer.from(mime);
  const block = headerBlock(bytes);
  const fields = block.toString('latin1').split(/\r?\n(?![ \t])/);
  const kept = fields.filter((field) => field !== '' && !/^(?:bcc|sender|return-path|received):/i.test(field));
  const has = (name: string): boolean => kept.some((field) => field.toLowerCase().startsWith(`${name}:`));
  const added = [
    ...(has('from') ? [] : [`From: ${from.address}`]),
    ...(sender.address === from.address ? [] : [`Sender: ${sender.address}`]),
    ...(has('date') ? [] : [`Date: ${sentAt.toUTCString().replace('GMT', '+0000')}`]),
    ...(has('message-id') ? [] : [`Message-ID: ${messageId}`]),
  ];
  const head = [...added, ...kept].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes.subarray(block.length)]);
}
