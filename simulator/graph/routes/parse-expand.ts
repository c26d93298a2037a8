import { parseExtendedPropertyId } from '../drafts/extended-property-id.ts';
import { badRequest } from '../graph-error.ts';

/** What `$expand` of a message asks for. */
export interface Expansion {
  readonly attachments: boolean;
  /** Keys of extended properties; all of a message cannot be listed. */
  readonly properties: readonly string[];
}

/** Throws for anything that cannot be expanded. */
export function parseExpand(expand: readonly string[]): Expansion {
  let attachments = false;
  const properties: string[] = [];
  for (const part of expand) {
    const [, name = '', options = ''] = /^\s*([\w$.]+)\s*(?:\((.*)\))?\s*$/s.exec(part) ?? [];
    if (name.toLowerCase() === 'attachments') attachments = true;
    else if (name.toLowerCase() === 'singlevalueextendedproperties') properties.push(...propertyKeys(options));
    else if (name.toLowerCase() !== 'multivalueextendedproperties') {
      throw badRequest(
        `Parsing OData Select and Expand failed: Could not find a property named '${name || part}' on type 'microsoft.graph.message'.`,
      );
    }
  }
  return { attachments, properties };
}

/** `$filter=id eq '…' or id eq '…'`. */
function propertyKeys(options: string): string[] {
  const filter = /^\s*\$?filter\s*=\s*(.+)$/is.exec(options)?.[1];
  if (filter === undefined) throw badRequest('Extended properties are expanded with a filter of their ids.');
  const terms = filter.split(/'\s+or\s+/i).map((term) => `${term.replace(/'?\s*$/, '')}'`);
  return terms.map((term) => {
    const literal = /^\s*\(?\s*id\s+eq\s+'((?:[^']|'')*)'$/i.exec(term)?.[1];
    if (literal === undefined) throw badRequest('Extended properties are expanded with a filter of their ids.');
    return parseExtendedPropertyId(literal.replaceAll("''", "'")).key;
  });
}
