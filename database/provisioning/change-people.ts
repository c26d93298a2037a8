import { sql, type Transaction } from 'kysely';
import { foldAddress } from '../../domain/fold-address.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database } from '../database.ts';
import { keepingAnAdministrator, type LastOne } from '../people/keeping-an-administrator.ts';
import { applyUserChange } from '../people/users.ts';
import type { Schema } from '../schema.ts';
import { findPerson, type Person, type PersonWord } from './people.ts';
import { withdrawFromTeams } from './team-people.ts';

/** A person as Mailroom gets them: the provider's word, and the address that names them. In lower case. */
export interface ProvidedPerson extends PersonWord {
  readonly email: string;
}

export type Added = { readonly id: string } | 'taken' | 'belongs-to-another';
export type Changed = 'done' | 'not-found' | 'administrator-unproved' | LastOne;

/**
 * Adds a person, or takes over one who was added by hand and has one of the addresses, or one whom the provider deleted
 * before. `taken`: the provider has this one already. `belongs-to-another`: the name is of a deleted person whom the
 * provider calls otherwise.
 */
export async function addPerson(db: Database, actor: string, person: ProvidedPerson): Promise<Added | LastOne> {
  // Without a lock of the administrators: hundreds of new people would wait for each other.
  const added = await db.transaction().execute(async (trx) => {
    const found = await findSamePerson(trx, person);
    if (found !== undefined) return found;
    const id = await addUserOf(trx, actor, person);
    await putPerson(trx, actor, id, person, { isNew: true });
    return { id };
  });
  if (typeof added === 'object' || added === 'taken' || added === 'belongs-to-another') return added;
  return await keepingAnAdministrator<Added>(db, async (trx) => {
    // Another request may have taken the person over in the meantime.
    const found = await findSamePerson(trx, person);
    if (found === undefined || found === 'taken' || found === 'belongs-to-another') return found ?? 'taken';
    await putPerson(trx, actor, found, person, { isNew: false });
    return { id: found };
  });
}

async function findSamePerson(
  trx: Transaction<Schema>,
  { userName, externalId, email, emails }: ProvidedPerson,
): Promise<string | 'taken' | 'belongs-to-another' | undefined> {
  const { rows: known } = await sql<{ userId: string; externalId: string | null; deletedAt: Date | null }>`
    select user_id, external_id, deleted_at from provisioned_people
    where lower(user_name collate "C") = lower(${userName}::text collate "C") or external_id = ${externalId ?? null}
    for update`.execute(trx);
  if (known.some(({ deletedAt }) => deletedAt === null)) return 'taken';
  const same = known.find((each) => each.externalId === externalId) ?? known[0];
  if (same) {
    const isOther = externalId !== undefined && same.externalId !== null && same.externalId !== externalId;
    return isOther ? 'belongs-to-another' : same.userId;
  }
  const addresses = [email, ...emails.map(({ value = '' }) => foldAddress(value))];
  const { rows: byHand } = await sql<{ id: string; isKnown: boolean }>`
    select users.id, known.user_id is not null as is_known
    from users left join provisioned_people as known on known.user_id = users.id
    where email = any(${addresses}::text[]) order by array_position(${addresses}::text[], email) limit 1
    for update of users`.execute(trx);
  if (byHand[0]?.isKnown) return 'taken';
  return byHand[0]?.id;
}

/** New people get what the settings of provisioning say. */
async function addUserOf(
  trx: Transaction<Schema>,
  actor: string,
  { email, displayName, active }: ProvidedPerson,
): Promise<string> {
  const { profile, allQueues } = await trx
    .selectFrom('provisioning')
    .select(['profile', 'allQueues'])
    .executeTakeFirstOrThrow();
  const { id } = await trx
    .insertInto('users')
    .values({ email, displayName, profile, allQueues, enabled: active })
    .returning('id')
    .executeTakeFirstOrThrow();
  const details = { profile, allQueues, because: 'provisioning' };
  await recordEvent(trx, { actor, name: 'user.added', targetId: id, details });
  return id;
}

/**
 * Changes what the provider says of a person. `change` gets it as it is, under a lock. `administrator-unproved`: the
 * address of an administrator who never signed in, which decides who will.
 */
export async function changePerson(
  db: Database,
  actor: string,
  id: string,
  change: (before: Person) => ProvidedPerson,
): Promise<Changed> {
  return await keepingAnAdministrator<Changed>(db, async (trx) => {
    const user = await trx
      .selectFrom('users')
      .select(['email', 'profile', 'subject'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    const before = user && (await findPerson(trx, id));
    if (!before) return 'not-found';
    const person = change(before);
    if (user.profile === 'Admin' && user.subject === null && person.email !== user.email)
      return 'administrator-unproved';
    await putPerson(trx, actor, id, person, { isNew: false });
    return 'done';
  });
}

/** The provider's word, and what follows from it: either side shuts a person out, both have to let in. */
async function putPerson(
  trx: Transaction<Schema>,
  actor: string,
  id: string,
  person: ProvidedPerson,
  { isNew }: { readonly isNew: boolean },
): Promise<void> {
  const { externalId = null, userName, name, emails, active, email, displayName } = person;
  const user = await trx
    .selectFrom('users')
    .select(['email', 'displayName', 'enabled'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const known = await trx
    .selectFrom('provisionedPeople')
    .select('disabledByHand')
    .where('userId', '=', id)
    .executeTakeFirst();
  const disabledByHand = known ? known.disabledByHand : !isNew && !user.enabled;
  const word = {
    externalId,
    userName,
    name: JSON.stringify(name),
    emails: JSON.stringify(emails),
    active,
    disabledByHand,
    deletedAt: null,
    updatedAt: sql<Date>`now()`,
  };
  await trx
    .insertInto('provisionedPeople')
    .values({ userId: id, ...word })
    .onConflict((conflict) => conflict.column('userId').doUpdateSet(word))
    .execute();
  const enabled = active && !disabledByHand;
  const change = {
    ...(email !== user.email && { email }),
    ...(displayName !== '' && displayName !== user.displayName && { displayName }),
    ...(enabled !== user.enabled && { enabled }),
  };
  if (Object.keys(change).length > 0) await applyUserChange(trx, actor, id, change, { keepsIdentity: true });
}

/**
 * The provider deleted a person: what it gave them goes, and they cannot sign in. The user stays, because histories name
 * it; the provider sees it no longer, and gets it back by adding the person again.
 */
export async function deletePerson(db: Database, actor: string, id: string): Promise<Changed> {
  return await keepingAnAdministrator<Changed>(db, async (trx) => {
    const user = await trx.selectFrom('users').select('enabled').where('id', '=', id).forUpdate().executeTakeFirst();
    const before = user && (await findPerson(trx, id));
    if (!before) return 'not-found';
    const { externalId = null, userName, name, emails } = before;
    await withdrawFromTeams(trx, id);
    await trx.deleteFrom('provisionedGroupMembers').where('userId', '=', id).execute();
    const gone = { active: false, deletedAt: sql<Date>`now()`, updatedAt: sql<Date>`now()` };
    await trx
      .insertInto('provisionedPeople')
      .values({
        userId: id,
        externalId,
        userName,
        name: JSON.stringify(name),
        emails: JSON.stringify(emails),
        disabledByHand: !user.enabled,
        ...gone,
      })
      .onConflict((conflict) => conflict.column('userId').doUpdateSet(gone))
      .execute();
    await applyUserChange(trx, actor, id, { enabled: false });
    return 'done';
  });
}
