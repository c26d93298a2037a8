import { randomBytes } from 'node:crypto';

export interface MailPart {
  readonly name: string;
  readonly bytes: Buffer;
  readonly contentType?: string;
  /** Without brackets: the part is inline. */
  readonly contentId?: string;
}

/** A mail with attachments, as MIME. */
export function aMail({ subject, parts }: { readonly subject: string; readonly parts: readonly MailPart[] }): string {
  const boundary = `b${randomBytes(8).toString('hex')}`;
  const word = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
  const lines = parts.flatMap(({ name, bytes, contentType = 'application/octet-stream', contentId }) => [
    `--${boundary}`,
    `Content-Type: ${contentType}`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: ${contentId ? 'inline' : 'attachment'}; ${fileName(name)}`,
    ...(contentId ? [`Content-ID: <${contentId}>`] : []),
    '',
    ...(bytes.toString('base64').match(/.{1,76}/g) ?? ['']),
  ]);
  return [
    'From: Ada <ada@example.org>',
    'To: files@contoso.example',
    `Subject: ${word(subject)}`,
    `Message-ID: <${randomBytes(8).toString('hex')}@example.org>`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary=${boundary}`,
    '',
    `--${boundary}`,
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>Hello <img src="cid:logo@1"></p>',
    ...lines,
    `--${boundary}--`,
    '',
  ].join('\r\n');
}

const fileName = (name: string) =>
  /^[\w. -]+$/.test(name) ? `filename="${name}"` : `filename*=utf-8''${encodeURIComponent(name)}`;

/** Names and sizes in the directory of a zip file. */
export function zipEntries(zip: Buffer): readonly { readonly name: string; readonly size: number }[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: count }, () => {
    const nameBytes = zip.readUInt16LE(at + 28);
    const entry = {
      name: zip.subarray(at + 46, at + 46 + nameBytes).toString(),
      size: zip.readUInt32LE(at + 24),
    };
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    return entry;
  });
}
