import type { ItemAttachment } from '../../database/content/item-attachments.ts';
import { extensionOf } from '../../domain/attachment-risk.ts';
import type { PictureType } from '../../domain/picture-type.ts';
import { safeFileName } from '../../domain/safe-file-name.ts';

const extensionOfPicture: Readonly<Record<PictureType, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/avif': 'avif',
};

/** What an attached item is, by its first bytes: Exchange gives mail as MIME, the others as iCalendar and vCard. */
function itemExtension(start: Uint8Array): 'ics' | 'vcf' | 'eml' {
  const text = Buffer.from(start.subarray(0, 64)).toString('latin1').trimStart().toUpperCase();
  if (text.startsWith('BEGIN:VCALENDAR')) return 'ics';
  return text.startsWith('BEGIN:VCARD') ? 'vcf' : 'eml';
}

/** The name under which an attachment is saved. */
export function attachmentFileName(
  { name, kind }: Pick<ItemAttachment, 'name' | 'kind'>,
  { start, pictureType }: { readonly start: Uint8Array; readonly pictureType: PictureType | null },
): string {
  if (kind === 'item') return withExtension(safeFileName(name, 'message'), itemExtension(start));
  const safe = safeFileName(name);
  return pictureType !== null && extensionOf(safe) === '' ? withExtension(safe, extensionOfPicture[pictureType]) : safe;
}

/** The name under which a message is saved. */
export function messageFileName(subject: string | null, extension: string): string {
  return withExtension(safeFileName(subject ?? '', 'message'), extension);
}

function withExtension(name: string, extension: string): string {
  return extensionOf(name) === extension ? name : safeFileName(`${name}.${extension}`);
}
