/** Names of devices of Windows, also with an extension. */
const DEVICE = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|(com|lpt)[\d¹²³])$/i;
/** UTF-8: file systems allow 255, and browsers add `(1)`. */
const MOST_BYTES = 200;
/** Longer ones are no extensions. */
const MOST_EXTENSION_CHARACTERS = 16;

/**
 * A name under which a file can be saved on any system, and that shows what it is: one path segment, without characters
 * that are not seen or change the order of the others, none that Windows refuses or drops, no device. `fallback` is used
 * when nothing is left.
 */
export function safeFileName(name: string, fallback = 'attachment'): string {
  const seen = name.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029\ufffd]/gu, '');
  const segment = seen.split(/[/\\]/).at(-1) ?? '';
  const allowed = segment.replaceAll(/[<>:"|?*]/g, '_').replaceAll(/\s+/g, ' ');
  const trimmed = allowed.replace(/^[\s.]+/, '').replace(/[\s.]+$/, '');
  const short = shortened(trimmed || fallback);
  const [stem = ''] = short.split('.');
  return DEVICE.test(stem.trim()) ? `_${short}` : short;
}

/** Cuts the middle, so that the extension stays. */
function shortened(name: string): string {
  if (byteLength(name) <= MOST_BYTES) return name;
  const dot = name.lastIndexOf('.');
  const hasExtension = dot > 0 && name.length - dot <= MOST_EXTENSION_CHARACTERS;
  const extension = hasExtension ? name.slice(dot) : '';
  let stem = hasExtension ? name.slice(0, dot) : name;
  const room = MOST_BYTES - byteLength(extension) - byteLength('…');
  // By code points, so that no pair is torn.
  const characters: string[] = [];
  let used = 0;
  for (const character of stem) {
    used += byteLength(character);
    if (used > room) break;
    characters.push(character);
  }
  stem = characters.join('').trimEnd();
  return `${stem}…${extension}`;
}

const encoder = new TextEncoder();
const byteLength = (text: string) => encoder.encode(text).length;

/**
 * Makes names different, one after the other, also where case does not count: `invoice.pdf`, `invoice (2).pdf`. None is
 * one of `reserved`.
 */
export function createDistinctNames(reserved: readonly string[] = []): (name: string) => string {
  const fold = (name: string) => name.normalize('NFC').toLowerCase();
  const taken = new Set(reserved.map(fold));
  const nextOf = new Map<string, number>();
  return (name) => {
    const folded = fold(name);
    let distinct = name;
    let number = nextOf.get(folded) ?? 2;
    while (taken.has(fold(distinct))) {
      distinct = numbered(name, number);
      number += 1;
    }
    nextOf.set(folded, number);
    taken.add(fold(distinct));
    return distinct;
  };
}

function numbered(name: string, number: number): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${name.slice(0, dot)} (${number})${name.slice(dot)}` : `${name} (${number})`;
}
