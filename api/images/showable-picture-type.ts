import { imageDimensionsFromData } from 'image-dimensions';
import { type PictureType, pictureTypeOf } from '../../domain/picture-type.ts';

/** The largest pictures of phones, in ordinary use, have 64 million. A browser takes four bytes for each. */
const MOST_PIXELS = 65_000_000;
/** Browsers draw no more in one direction. */
const MOST_SIDE_PIXELS = 32_767;
/** What a camera writes before the size is shorter. */
const START_BYTES = 256 * 1_024;

/**
 * The type of a picture that a page can show, by its first bytes; null: none, or one of more pixels than a browser should
 * hold, or of unknown size. A file of some kilobytes can have 60,000 × 60,000.
 */
export function showablePictureType(start: Uint8Array): PictureType | null {
  const type = pictureTypeOf(start);
  if (type === null) return null;
  const { width, height } = dimensionsOf(start) ?? { width: 0, height: 0 };
  const isShowable = width > 0 && height > 0 && Math.max(width, height) <= MOST_SIDE_PIXELS;
  return isShowable && width * height <= MOST_PIXELS ? type : null;
}

/** Undefined: not in the first bytes, or they are made to break who reads them. */
function dimensionsOf(start: Uint8Array) {
  try {
    return imageDimensionsFromData(start.subarray(0, START_BYTES));
  } catch {
    return undefined;
  }
}
