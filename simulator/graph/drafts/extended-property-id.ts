import { badRequest } from '../graph-error.ts';

const GUID = '\\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\}?';
const TAGGED = /^(\w+) 0x([0-9a-f]{1,8})$/i;
const NAMED = new RegExp(`^(\\w+) ${GUID} Name (.+)$`, 'i');
const NUMBERED = new RegExp(`^(\\w+) ${GUID} Id 0x([0-9a-f]{1,8})$`, 'i');

/** Headers of the mail as properties; the name of the property is the name of the header (MS-OXPROPS, PS_INTERNET_HEADERS). */
const INTERNET_HEADERS = '00020386-0000-0000-c000-000000000046';

/** The tags of In-Reply-To and References (MS-OXOMSG 2.2.1.25, 2.2.1.26). */
export const IN_REPLY_TO = 'string 0x1042';
export const REFERENCES = 'string 0x1039';

export interface ExtendedPropertyId {
  /** The same for every spelling of the id. */
  readonly key: string;
  /** As Graph writes it. */
  readonly id: string;
  /** The name of the header that the property stands for; null for any other. */
  readonly header: string | null;
}

/**
 * Reads an id in one of its three forms (learn.microsoft.com/graph/api/resources/extended-properties-overview); throws
 * 400 for another text.
 */
export function parseExtendedPropertyId(text: unknown): ExtendedPropertyId {
  const given = typeof text === 'string' ? text.trim().replace(/\s+/g, ' ') : '';
  const tagged = TAGGED.exec(given);
  if (tagged) return describe(`${tagged[1]} 0x${hex(tagged[2])}`, null);
  const named = NAMED.exec(given);
  if (named) {
    const [, type, guid = '', name = ''] = named;
    const isHeader = guid.toLowerCase() === INTERNET_HEADERS;
    return describe(`${type} {${guid.toLowerCase()}} Name ${name}`, isHeader ? name : null);
  }
  const numbered = NUMBERED.exec(given);
  if (numbered) return describe(`${numbered[1]} {${numbered[2]?.toLowerCase()}} Id 0x${hex(numbered[3])}`, null);
  throw badRequest(`The property id '${given}' is not a valid extended property id.`);
}

function describe(id: string, header: string | null): ExtendedPropertyId {
  return { id, header, key: id.toLowerCase() };
}

function hex(digits = ''): string {
  return Number.parseInt(digits, 16).toString(16).padStart(4, '0');
}
