import { createHash } from 'node:crypto';
import type { Group } from '../../database/provisioning/groups.ts';
import type { Person } from '../../database/provisioning/people.ts';
import { GROUP_SCHEMA, USER_SCHEMA } from './attributes.ts';
import { SCIM_PATH } from './error-body.ts';
import type { ScimQuery } from './queries.ts';

/** A resource in an answer. */
export interface Resource {
  readonly schemas: readonly string[];
  readonly id: string;
  readonly meta: {
    readonly resourceType: string;
    readonly created: string;
    readonly lastModified: string;
    readonly location: string;
    readonly version: string;
  };
  readonly [attribute: string]: unknown;
}

/** `publicUrl`: the address of Mailroom, for the locations. */
export function userResource(publicUrl: string, person: Person): Resource {
  const { id, externalId, userName, displayName, name, emails, active, groups, createdAt, updatedAt } = person;
  const content = {
    ...(externalId !== undefined && { externalId }),
    userName,
    ...(displayName !== '' && { displayName }),
    ...(Object.keys(name).length > 0 && { name }),
    ...(emails.length > 0 && { emails }),
    active,
    ...(groups.length > 0 && {
      groups: groups.map((group) => ({ value: group.id, display: group.name })),
    }),
  };
  const version = createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 16);
  return {
    schemas: [USER_SCHEMA],
    id,
    ...content,
    meta: meta(publicUrl, 'User', { id, createdAt, updatedAt, version }),
  };
}

/** Without `members` when the group was read without them. */
export function groupResource(publicUrl: string, group: Group, { withMembers }: { readonly withMembers: boolean }) {
  const { id, externalId, displayName, members, createdAt, updatedAt, version } = group;
  const resource: Resource = {
    schemas: [GROUP_SCHEMA],
    id,
    ...(externalId !== undefined && { externalId }),
    displayName,
    ...(withMembers && {
      members: members.map((value) => ({ value, type: 'User', $ref: location(publicUrl, 'User', value) })),
    }),
    meta: meta(publicUrl, 'Group', { id, createdAt, updatedAt, version: String(version) }),
  };
  return resource;
}

interface Dated {
  readonly id: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: string;
}

function meta(publicUrl: string, resourceType: 'User' | 'Group', { id, createdAt, updatedAt, version }: Dated) {
  return {
    resourceType,
    created: new Date(createdAt).toISOString(),
    lastModified: new Date(updatedAt).toISOString(),
    location: location(publicUrl, resourceType, id),
    version: `W/"${version}"`,
  };
}

function location(publicUrl: string, resourceType: 'User' | 'Group', id: string): string {
  return `${publicUrl}${SCIM_PATH}/${resourceType}s/${id}`;
}

/** What of a resource was asked for. `id` and `schemas` are always in it. */
export function shownPart(resource: Resource, { shows }: Pick<ScimQuery, 'shows'>): Readonly<Record<string, unknown>> {
  const always = new Set(['id', 'schemas']);
  return Object.fromEntries(Object.entries(resource).filter(([name]) => always.has(name) || shows(name)));
}

/** RFC 7644, section 3.4.2. */
export function listResponse(resources: readonly unknown[], total: number, startIndex: number) {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}
