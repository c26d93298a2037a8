import { type Filter, parse } from 'scim2-parse-filter';
import type { Condition } from '../../database/provisioning/conditions.ts';
import { ScimRefusal } from './refusal.ts';

/** A filter names one resource by a few of its attributes. The parser's work and depth are bounded by it. */
const LONGEST_FILTER = 1_000;

/** Attributes that can be looked for, in lower case and without their schema. */
const lookedFor = {
  User: {
    id: 'id',
    username: 'userName',
    externalid: 'externalId',
    displayname: 'displayName',
    active: 'active',
    emails: 'email',
    'emails.value': 'email',
    'emails.type': 'emailType',
    'groups.value': 'group',
  },
  Group: {
    id: 'id',
    externalid: 'externalId',
    displayname: 'displayName',
    members: 'member',
    'members.value': 'member',
  },
} as const satisfies Record<string, Record<string, Condition['attribute']>>;

/**
 * Reads a filter of comparisons by `eq` that are joined by `and`, which is what Entra and Okta send, into conditions
 * that all have to hold. Refuses everything else: an answer to another question could deactivate the wrong person.
 */
export function readFilter(kind: keyof typeof lookedFor, filter: string): readonly Condition[] {
  if (filter.length > LONGEST_FILTER) throw refused(`is longer than ${LONGEST_FILTER} characters`);
  return conditionsOf(kind, parseFilter(filter), '');
}

/** Throws `invalidFilter` for what is no filter. */
export function parseFilter(filter: string): Filter {
  try {
    return parse(filter);
  } catch (cause) {
    throw refused('cannot be read. Write it as userName eq "ada@contoso.example"', cause);
  }
}

function conditionsOf(kind: keyof typeof lookedFor, filter: Filter, within: string): readonly Condition[] {
  switch (filter.op) {
    case 'and':
      return filter.filters.flatMap((each) => conditionsOf(kind, each, within));
    case '[]':
      return conditionsOf(kind, filter.valFilter, `${filter.attrPath}.`);
    case 'eq': {
      const path = `${within}${filter.attrPath}`
        .toLowerCase()
        .replace(/^urn:ietf:params:scim:schemas:core:2\.0:(user|group):/, '');
      const known: Readonly<Record<string, Condition['attribute']>> = lookedFor[kind];
      const attribute = Object.hasOwn(known, path) ? known[path] : undefined;
      if (!attribute) throw refused(`compares ${path.slice(0, 60)}, which Mailroom does not look for`);
      return [{ attribute, value: String(filter.compValue) }];
    }
    default:
      throw refused(`uses ${filter.op}. Mailroom takes eq, joined by and`);
  }
}

function refused(what: string, cause?: unknown): ScimRefusal {
  return new ScimRefusal('invalidFilter', `The filter ${what}.`, { cause });
}
