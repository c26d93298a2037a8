import { extensionOf } from './attachment-risk.ts';

/** How an attachment can be shown in the page. */
export const previewKinds = ['picture', 'message', 'invitation', 'report', 'text'] as const;
export type PreviewKind = (typeof previewKinds)[number];

const kindOfType: Readonly<Record<string, PreviewKind>> = {
  'image/png': 'picture',
  'image/jpeg': 'picture',
  'image/jpg': 'picture',
  'image/pjpeg': 'picture',
  'image/gif': 'picture',
  'image/webp': 'picture',
  'image/avif': 'picture',
  'message/rfc822': 'message',
  'message/global': 'message',
  'text/calendar': 'invitation',
  'application/ics': 'invitation',
  'message/delivery-status': 'report',
  'message/disposition-notification': 'report',
  'text/plain': 'text',
  'text/csv': 'text',
  'text/markdown': 'text',
  'text/x-log': 'text',
  'application/json': 'text',
  'text/vcard': 'text',
  'text/x-vcard': 'text',
  'text/directory': 'text',
  'application/pgp-keys': 'text',
};

const kindOfExtension: Readonly<Record<string, PreviewKind>> = {
  png: 'picture',
  jpg: 'picture',
  jpeg: 'picture',
  jfif: 'picture',
  gif: 'picture',
  webp: 'picture',
  avif: 'picture',
  eml: 'message',
  ics: 'invitation',
  txt: 'text',
  csv: 'text',
  log: 'text',
  md: 'text',
  json: 'text',
  vcf: 'text',
  asc: 'text',
};

/** How an attachment can probably be shown, by its type and name; its bytes decide when it is asked for. Null: not at all. */
export function previewKindOf(attachment: {
  readonly kind: string;
  readonly name: string;
  readonly contentType: string | null;
}): PreviewKind | null {
  const { kind, name, contentType } = attachment;
  if (kind === 'reference') return null;
  if (kind === 'item') return 'message';
  const [type = ''] = (contentType ?? '').toLowerCase().split(';');
  const extension = extensionOf(name);
  return (
    (Object.hasOwn(kindOfType, type.trim()) ? kindOfType[type.trim()] : undefined) ??
    (Object.hasOwn(kindOfExtension, extension) ? kindOfExtension[extension] : undefined) ??
    null
  );
}
