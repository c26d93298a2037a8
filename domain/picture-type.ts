/** Raster pictures that every browser shows. Never SVG: it can hold scripts and requests. */
export const pictureTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'] as const;
export type PictureType = (typeof pictureTypes)[number];

/** Bytes from the start that decide. */
export const PICTURE_BYTES = 32;

/** The type of a picture by its first bytes, whatever its name says; null: none of these. */
export function pictureTypeOf(head: Uint8Array): PictureType | null {
  const start = String.fromCharCode(...head.subarray(0, PICTURE_BYTES));
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(start)) return 'image/gif';
  if (/^RIFF[\s\S]{4}WEBP/.test(start)) return 'image/webp';
  if (/^[\s\S]{4}ftyp(avif|avis)/.test(start)) return 'image/avif';
  return null;
}
