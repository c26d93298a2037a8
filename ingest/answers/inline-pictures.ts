import { createHash } from 'node:crypto';

/** A picture that the text of an answer held as data, as a file of its own. */
export interface InlinePicture {
  readonly name: string;
  readonly contentType: string;
  /** By which the HTML refers to it: `cid:…`. */
  readonly contentId: string;
  readonly bytes: Uint8Array;
}

/** As the sanitiser writes it: attributes in double quotes, without `<` and `>` in their values. */
const dataPicture = /(<img\b[^<>]*?\ssrc=")data:(image\/(png|jpeg|gif|webp));base64,([^"]*)(?=")/gi;

/**
 * Takes pictures that are data out of sanitised HTML: signatures and canned answers hold their logos that way, and so does
 * what was pasted from elsewhere. Outlook and Gmail show no `data:` pictures, so each becomes an inline attachment; one
 * that is there twice becomes one. The same HTML always gives the same names and content ids.
 */
export function takeInlinePictures(html: string): {
  readonly html: string;
  readonly pictures: readonly InlinePicture[];
} {
  const pictures = new Map<string, InlinePicture>();
  const referring = html.replaceAll(dataPicture, (whole, before: string, type: string, kind: string, data: string) => {
    const bytes = Buffer.from(data, 'base64');
    if (bytes.length === 0) return whole;
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
    const number = String(pictures.size + 1).padStart(3, '0');
    const picture = pictures.get(hash) ?? {
      name: `image${number}.${kind.toLowerCase() === 'jpeg' ? 'jpg' : kind.toLowerCase()}`,
      contentType: type.toLowerCase(),
      contentId: `${hash}@mailroom`,
      bytes,
    };
    pictures.set(hash, picture);
    return `${before}cid:${picture.contentId}`;
  });
  return { html: referring, pictures: [...pictures.values()] };
}
