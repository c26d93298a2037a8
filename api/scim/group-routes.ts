import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  addGroup,
  changeGroup,
  deleteGroup,
  findGroup,
  type Group,
  type GroupChanged,
  type GroupWord,
  listGroups,
} from '../../database/provisioning/groups.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { groupSchema } from './attributes.ts';
import { SCIM_PATH } from './error-body.ts';
import { readFilter } from './filters.ts';
import { applyPatch } from './patch.ts';
import { readQuery } from './queries.ts';
import { type Entry, MOST_MEMBERS, type ResourceValues, readResource } from './read-values.ts';
import { notFound, ScimRefusal } from './refusal.ts';
import { groupResource, listResponse, shownPart } from './resources.ts';
import { isKnown, requireVersion } from './versions.ts';

const config = { permission: 'provisioning' } as const;
const schema = { hide: true };
const GROUPS = `${SCIM_PATH}/Groups`;
type OfOne = FastifyRequest<{ Params: { id: string } }>;

/** Groups of an identity provider: RFC 7644, section 3. One that is mapped to no team is stored, and without effect. */
export function addGroupRoutes(app: FastifyInstance, { db, config: settings }: ApiDependencies): void {
  const { publicUrl } = settings.api;

  async function answerWith(id: string, request: FastifyRequest, reply: FastifyReply) {
    const query = readQuery(request.query);
    const withMembers = query.shows('members');
    const group = await findGroup(db, id, { withMembers });
    if (!group) throw notFound('group');
    const resource = groupResource(publicUrl, group, { withMembers });
    if (isKnown(request, reply, resource) && request.method === 'GET') return await reply.code(304).send();
    return shownPart(resource, query);
  }

  app.get(GROUPS, { config, schema }, async (request) => {
    const { filter, page, startIndex, ...query } = readQuery(request.query);
    const conditions = filter === undefined ? [] : readFilter('Group', filter);
    const withMembers = query.shows('members');
    const { total, groups } = await listGroups(db, conditions, page, { withMembers });
    return listResponse(
      groups.map((group) => shownPart(groupResource(publicUrl, group, { withMembers }), query)),
      total,
      startIndex,
    );
  });

  app.get(`${GROUPS}/:id`, { config, schema }, (request: OfOne, reply) =>
    answerWith(request.params.id, request, reply),
  );

  app.post(GROUPS, { config, schema }, async (request, reply) => {
    const added = await addGroup(db, principalOf(request).actor, readGroup(readResource(groupSchema, request.body)));
    if (added === 'unknown-member') throw unknownMember();
    reply.code(201).header('location', `${publicUrl}${GROUPS}/${added.id}`);
    return await answerWith(added.id, request, reply);
  });

  async function change(request: OfOne, changed: (before: Group) => GroupWord): Promise<void> {
    const outcome = await changeGroup(db, principalOf(request).actor, request.params.id, (before) => {
      requireVersion(request, groupResource(publicUrl, before, { withMembers: false }));
      return changed(before);
    });
    refuse(outcome);
  }

  app.put(`${GROUPS}/:id`, { config, schema }, async (request: OfOne, reply) => {
    const group = readGroup(readResource(groupSchema, request.body));
    await change(request, () => group);
    return await answerWith(request.params.id, request, reply);
  });

  // Without a body, as Entra wants it: a group may have thousands of members.
  app.patch(`${GROUPS}/:id`, { config, schema }, async (request: OfOne, reply) => {
    await change(request, (before) => readGroup(applyPatch(groupSchema, valuesOf(before), request.body)));
    if (readQuery(request.query).namesAttributes) return await answerWith(request.params.id, request, reply);
    return await reply.code(204).send();
  });

  app.delete(`${GROUPS}/:id`, { config, schema }, async (request: OfOne, reply) => {
    const { id } = request.params;
    if (request.headers['if-match'] !== undefined) {
      const group = await findGroup(db, id, { withMembers: false });
      if (group) requireVersion(request, groupResource(publicUrl, group, { withMembers: false }));
    }
    refuse(await deleteGroup(db, principalOf(request).actor, id));
    return await reply.code(204).send();
  });
}

function readGroup(values: ResourceValues): GroupWord {
  const { externalId, displayName } = values;
  if (typeof displayName !== 'string') throw new ScimRefusal('invalidValue', 'The attribute displayName is required.');
  const entries = (values.members ?? []) as readonly Entry[];
  const members = [...new Set(entries.map(({ value }) => String(value).toLowerCase()))];
  if (members.length > MOST_MEMBERS) {
    throw new ScimRefusal('invalidValue', `A group has at most ${MOST_MEMBERS} members. Split it.`);
  }
  return { externalId: externalId as string | undefined, displayName, members };
}

function valuesOf({ externalId, displayName, members }: GroupWord): ResourceValues {
  return {
    ...(externalId !== undefined && { externalId }),
    displayName,
    members: members.map((value) => ({ value })),
  };
}

function refuse(outcome: GroupChanged): void {
  if (outcome === 'not-found') throw notFound('group');
  if (outcome === 'unknown-member') throw unknownMember();
}

function unknownMember(): ScimRefusal {
  return new ScimRefusal('invalidValue', 'A member is no user of Mailroom. Add the user first, and name its id.');
}
