import { escapeHtml } from './convert-body.ts';
import type { MailAddress } from './received-mail.ts';

/** The mail that an answer quotes. */
export interface QuotedMail {
  readonly from: MailAddress | null;
  readonly sentAt: Date;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly subject: string;
  /** A whole document. */
  readonly html: string;
}

/** A comment above the quoted mail, in the HTML that Exchange writes for `createReply` and `createForward`. */
export function quoteMail(comment: string, quoted: QuotedMail): string {
  const body = /<body[^>]*>([\s\S]*)<\/body>/i.exec(quoted.html)?.[1] ?? quoted.html;
  const styles = quoted.html.match(/<style[\s\S]*?<\/style>/gi) ?? [];
  const lines = [
    ['From', list(quoted.from ? [quoted.from] : [])],
    ['Sent', sentText(quoted.sentAt)],
    ['To', list(quoted.to)],
    ...(quoted.cc.length > 0 ? [['Cc', list(quoted.cc)]] : []),
    ['Subject', quoted.subject],
  ];
  return [
    '<html><head>',
    '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">',
    `${styles.join('\n')}</head><body>`,
    ...(comment === '' ? [] : [`<div>${escapeHtml(comment).replace(/\r\n|\r|\n/g, '<br>')}</div>`]),
    '<hr tabindex="-1" style="display:inline-block; width:98%">',
    '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" color="#000000" style="font-size:11pt">',
    lines.map(([name, value = '']) => `<b>${name}:</b> ${escapeHtml(value)}`).join('<br>\n'),
    '</font><div>&nbsp;</div></div>',
    body,
    '</body></html>',
  ].join('\n');
}

/** In UTC, which Graph takes without `Prefer: outlook.timezone`. */
function sentText(sentAt: Date): string {
  const date = sentAt.toLocaleDateString('en-US', { timeZone: 'UTC', dateStyle: 'full' });
  const time = sentAt.toLocaleTimeString('en-US', { timeZone: 'UTC', timeStyle: 'medium' });
  return `${date} ${time.replace('\u202f', ' ')}`;
}

function list(addresses: readonly MailAddress[]): string {
  return addresses.map(({ name, address }) => (name === address ? address : `${name} <${address}>`)).join('; ');
}
