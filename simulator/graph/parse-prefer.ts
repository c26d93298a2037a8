import { splitOutside } from './parse-query.ts';

/** The request preferences that Graph supports for mail. */
export interface Preferences {
  readonly immutableIds: boolean;
  readonly bodyType: 'text' | 'html' | null;
  readonly maxPageSize: number | null;
  /** The Preference-Applied header; null if none was applied. */
  readonly applied: string | null;
}

const LARGEST_PAGE = 1_000;

/** Parses the Prefer headers: one header may hold several values, separated by commas. */
export function parsePrefer(header: string | readonly string[] | undefined): Preferences {
  const values = new Map<string, string>();
  for (const part of [header ?? []].flat().flatMap((line) => splitOutside(line, ','))) {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    values.set(
      name,
      equals < 0
        ? ''
        : part
            .slice(equals + 1)
            .trim()
            .replace(/^"(.*)"$/, '$1'),
    );
  }
  const immutableIds = values.get('idtype')?.toLowerCase() === 'immutableid';
  const wantedBody = values.get('outlook.body-content-type')?.toLowerCase();
  const bodyType = wantedBody === 'text' || wantedBody === 'html' ? wantedBody : null;
  const wantedSize = Number(values.get('odata.maxpagesize'));
  const maxPageSize = Number.isInteger(wantedSize) && wantedSize > 0 ? Math.min(wantedSize, LARGEST_PAGE) : null;
  const applied = [
    ...(immutableIds ? ['IdType=ImmutableId'] : []),
    ...(bodyType ? [`outlook.body-content-type=${bodyType}`] : []),
    ...(maxPageSize ? [`odata.maxpagesize=${maxPageSize}`] : []),
  ];
  return { immutableIds, bodyType, maxPageSize, applied: applied.join(', ') || null };
}
