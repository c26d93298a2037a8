/** Pixels. Spacers and pixels are drawn this small at most; the smallest icon has eight. */
const LARGEST_SIDE = 3;

/**
 * Whether an image exists to report that the mail was opened: too small to be seen, or hidden. An author who
 * wants to be counted all the same can use any other image, which is why none loads before it is asked for.
 */
export function isTrackingPixel(image: HTMLImageElement): boolean {
  const { style } = image;
  if (style.display === 'none' || style.visibility === 'hidden' || style.opacity === '0') return true;
  const width = sideOf(image.getAttribute('width'), style.width, style.maxWidth);
  const height = sideOf(image.getAttribute('height'), style.height, style.maxHeight);
  return width === 0 || height === 0 || (width ?? LARGEST_SIDE + 1) + (height ?? LARGEST_SIDE + 1) <= 2 * LARGEST_SIDE;
}

/** In pixels; undefined: not said in pixels. Of attribute and style, the style counts. */
function sideOf(attribute: string | null, style: string, most: string): number | undefined {
  const sides = [style, most].filter((value) => /^0$|px$/.test(value)).map(Number.parseFloat);
  if (sides.length > 0) return Math.min(...sides);
  return attribute !== null && /^\s*\d+\s*(?:px)?\s*$/.test(attribute) ? Number.parseInt(attribute, 10) : undefined;
}
