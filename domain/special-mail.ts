/** Mail that is more than its text, or something else. */
export const specialKinds = [
  'invitation',
  'delivery-report',
  'read-receipt',
  'signed',
  'encrypted',
  'smime',
  'pgp-signed',
  'pgp-encrypted',
  'outlook-package',
] as const;
export type SpecialKind = (typeof specialKinds)[number];

interface Part {
  readonly name: string;
  readonly contentType: string | null;
}

/** A message as far as this is decided by it. */
export interface PossiblySpecial {
  readonly headers: readonly { readonly name: string; readonly value: string }[] | null;
  /** What it is in a calendar; null: nothing. */
  readonly meeting: string | null;
  readonly attachments: readonly Part[];
  readonly bodyText: string;
}

/**
 * What a message is besides its text, by its content type, Microsoft's type, its attachments and PGP's marks in its text;
 * null: nothing. `smime`: signed or encrypted, which only its bytes show.
 */
export function specialKindOf({ headers, meeting, attachments, bodyText }: PossiblySpecial): SpecialKind | null {
  if (meeting !== null) return 'invitation';
  const contentType = headers?.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';
  const byHeader = ofContentType(contentType);
  if (byHeader !== null) return byHeader;
  for (const { name, contentType } of attachments) {
    const byPart = ofContentType(contentType ?? '') ?? ofName(name);
    if (byPart !== null) return byPart;
  }
  return ofText(bodyText);
}

/** Lines that PGP writes around what it makes of a text (RFC 9580, sections 6.2 and 7). Quoted ones are another mail's. */
function ofText(text: string): SpecialKind | null {
  const [, mark] = /^[ \t]*-----BEGIN PGP (MESSAGE|SIGNED MESSAGE)-----[ \t\r]*$/m.exec(text) ?? [];
  if (mark === undefined) return null;
  return mark === 'MESSAGE' ? 'pgp-encrypted' : 'pgp-signed';
}

function ofContentType(value: string): SpecialKind | null {
  const [type = ''] = value.toLowerCase().split(';');
  const names = (text: string) => value.toLowerCase().includes(text);
  switch (type.trim()) {
    case 'multipart/report':
      if (names('disposition-notification')) return 'read-receipt';
      return names('feedback-report') ? null : 'delivery-report';
    case 'message/delivery-status':
      return 'delivery-report';
    case 'message/disposition-notification':
      return 'read-receipt';
    case 'multipart/signed':
      return names('pgp-signature') ? 'pgp-signed' : 'signed';
    case 'multipart/encrypted':
    case 'application/pgp-encrypted':
      return 'pgp-encrypted';
    case 'application/pkcs7-mime':
    case 'application/x-pkcs7-mime':
      if (names('signed-data') || names('certs-only')) return 'signed';
      return names('enveloped-data') ? 'encrypted' : 'smime';
    case 'application/pkcs7-signature':
    case 'application/x-pkcs7-signature':
      return 'signed';
    case 'application/pgp-signature':
      return 'pgp-signed';
    case 'text/calendar':
      return 'invitation';
    case 'application/ms-tnef':
    case 'application/vnd.ms-tnef':
      return 'outlook-package';
    default:
      return null;
  }
}

/** Exchange names the parts that it makes of such mail; their content types are often lost. */
function ofName(name: string): SpecialKind | null {
  const lower = name.toLowerCase();
  if (lower === 'smime.p7m') return 'smime';
  if (lower === 'smime.p7s') return 'signed';
  if (lower === 'winmail.dat') return 'outlook-package';
  return lower === 'encrypted.asc' ? 'pgp-encrypted' : null;
}
