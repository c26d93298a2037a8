import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  addPerson,
  type Changed,
  changePerson,
  deletePerson,
  type ProvidedPerson,
} from '../../database/provisioning/change-people.ts';
import { findPerson, listPeople, type Person } from '../../database/provisioning/people.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { refuseLastAdministrator } from '../users/last-administrator.ts';
import { userSchema } from './attributes.ts';
import { SCIM_PATH } from './error-body.ts';
import { readFilter } from './filters.ts';
import { applyPatch } from './patch.ts';
import { readPerson, valuesOf } from './person-words.ts';
import { readQuery } from './queries.ts';
import { readResource } from './read-values.ts';
import { notFound, ScimRefusal } from './refusal.ts';
import { listResponse, type Resource, shownPart, userResource } from './resources.ts';
import { isKnown, requireVersion } from './versions.ts';

const config = { permission: 'provisioning' } as const;
const schema = { hide: true };
const USERS = `${SCIM_PATH}/Users`;
type OfOne = FastifyRequest<{ Params: { id: string } }>;

/** People, as an identity provider brings and takes them: RFC 7644, section 3. */
export function addUserRoutes(app: FastifyInstance, { db, config: settings }: ApiDependencies): void {
  const resourceOf = (person: Person): Resource => userResource(settings.api.publicUrl, person);

  async function getPerson(id: string): Promise<Person> {
    const person = await findPerson(db, id);
    if (!person) throw notFound('user');
    return person;
  }

  async function answerWith(id: string, request: FastifyRequest, reply: FastifyReply) {
    const resource = resourceOf(await getPerson(id));
    reply.header('etag', resource.meta.version);
    return shownPart(resource, readQuery(request.query));
  }

  app.get(USERS, { config, schema }, async (request) => {
    const { filter, page, startIndex, ...query } = readQuery(request.query);
    const conditions = filter === undefined ? [] : readFilter('User', filter);
    const { total, people } = await listPeople(db, conditions, page);
    return listResponse(
      people.map((person) => shownPart(resourceOf(person), query)),
      total,
      startIndex,
    );
  });

  app.get(`${USERS}/:id`, { config, schema }, async (request: OfOne, reply) => {
    const resource = resourceOf(await getPerson(request.params.id));
    if (isKnown(request, reply, resource)) return await reply.code(304).send();
    return shownPart(resource, readQuery(request.query));
  });

  app.post(USERS, { config, schema }, async (request, reply) => {
    const person = readPerson(readResource(userSchema, request.body));
    const added = await addPerson(db, principalOf(request).actor, person);
    if (added === 'taken')
      throw new ScimRefusal('uniqueness', 'There is a user with this userName, externalId or address.');
    if (added === 'belongs-to-another') {
      throw new ScimRefusal(
        'uniqueness',
        'A user of this userName was deleted under another externalId. Remove that user in Mailroom first.',
      );
    }
    if (typeof added === 'string') throw refuseLastAdministrator(added);
    reply.code(201).header('location', `${settings.api.publicUrl}${USERS}/${added.id}`);
    return await answerWith(added.id, request, reply);
  });

  async function change(request: OfOne, reply: FastifyReply, changed: (before: Person) => ProvidedPerson) {
    const { id } = request.params;
    const outcome = await changePerson(db, principalOf(request).actor, id, (before) => {
      requireVersion(request, resourceOf(before));
      return changed(before);
    });
    refuse(outcome);
    return await answerWith(id, request, reply);
  }

  app.put(`${USERS}/:id`, { config, schema }, async (request: OfOne, reply) => {
    const person = readPerson(readResource(userSchema, request.body));
    return await change(request, reply, () => person);
  });

  app.patch(`${USERS}/:id`, { config, schema }, async (request: OfOne, reply) =>
    change(request, reply, (before) => readPerson(applyPatch(userSchema, valuesOf(before), request.body))),
  );

  app.delete(`${USERS}/:id`, { config, schema }, async (request: OfOne, reply) => {
    const { id } = request.params;
    if (request.headers['if-match'] !== undefined) requireVersion(request, resourceOf(await getPerson(id)));
    refuse(await deletePerson(db, principalOf(request).actor, id));
    return await reply.code(204).send();
  });
}

function refuse(outcome: Changed): void {
  if (outcome === 'done') return;
  if (outcome === 'not-found') throw notFound('user');
  if (outcome === 'administrator-unproved') {
    throw new ScimRefusal(
      'mutability',
      'The address of an administrator who never signed in is changed in Mailroom only: it decides who becomes one.',
    );
  }
  throw refuseLastAdministrator(outcome);
}
