import { parse } from 'range-parser';

/** The code of range-parser for places behind the end. */
const UNSATISFIABLE = 2;

/** Both ends are included, as in the header. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The part of a file that a client asks for (RFC 9110, section 14.2), to go on with a download that broke off. `all`:
 * none, several, or of a file that is no longer the same. `none`: there is nothing at that place.
 */
export function byteRange(
  { range, 'if-range': ifRange }: { readonly range?: string | undefined; readonly 'if-range'?: string | undefined },
  { size, etag }: { readonly size: number; readonly etag: string },
): ByteRange | 'all' | 'none' {
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return 'all';
  const { code, type, ranges } = parse(size, range);
  if (type !== 'bytes' || size === 0) return 'all';
  const [first, ...others] = ranges;
  if (first === undefined) return code === UNSATISFIABLE ? 'none' : 'all';
  return code !== 0 || others.length > 0 ? 'all' : { from: first.start, to: first.end };
}
