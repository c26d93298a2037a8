import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from '../database.ts';
import { type Condition, idOrNone, type Page } from './conditions.ts';

export interface PersonName {
  readonly formatted?: string;
  readonly familyName?: string;
  readonly givenName?: string;
}

export interface PersonEmail {
  readonly value?: string;
  readonly type?: string;
  readonly primary?: boolean;
}

/** What an identity provider says of a person. */
export interface PersonWord {
  readonly externalId: string | undefined;
  readonly userName: string;
  readonly displayName: string;
  readonly name: PersonName;
  readonly emails: readonly PersonEmail[];
  readonly active: boolean;
}

/** A person as the provider sees them. Those who were added by hand are among them, so that it finds and takes them over. */
export interface Person extends PersonWord {
  readonly id: string;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export async function findPerson(db: Queryable, id: string): Promise<Person | undefined> {
  const [person] = await selectPeople(db, [{ attribute: 'id', value: id }], { offset: 0, limit: 1 });
  return person;
}

/** By id, which is the order in which they came. */
export async function listPeople(
  db: Queryable,
  conditions: readonly Condition[],
  page: Page,
): Promise<{ readonly total: number; readonly people: readonly Person[] }> {
  const { rows } = await sql<{ total: number }>`
    select count(*)::int as total from ${all} where ${where(conditions)}`.execute(db);
  return { total: rows[0]?.total ?? 0, people: page.limit === 0 ? [] : await selectPeople(db, conditions, page) };
}

const all = sql`users left join provisioned_people as known on known.user_id = users.id`;
/** As the provider calls the person; of those added by hand, the address. */
const userName = sql`coalesce(known.user_name, users.email)`;
const emails = sql`coalesce(known.emails, jsonb_build_array(
  jsonb_build_object('value', users.email, 'type', 'work', 'primary', true)
))`;
/** The provider's own word: that an administrator disabled the person as well, it would only undo. */
const active = sql`coalesce(known.active, users.enabled)`;

async function selectPeople(
  db: Queryable,
  conditions: readonly Condition[],
  { offset, limit }: Page,
): Promise<readonly Person[]> {
  const { rows } = await sql<Omit<Person, 'externalId'> & { externalId: string | null }>`
    select users.id, known.external_id, ${userName} as user_name, users.display_name,
      coalesce(known.name, '{}') as name, ${emails} as emails, ${active} as active,
      coalesce((
        select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.display_name) order by g.id)
        from provisioned_group_members as m join provisioned_groups as g on g.id = m.group_id
        where m.user_id = users.id
      ), '[]') as groups,
      users.created_at, greatest(users.updated_at, known.updated_at) as updated_at
    from ${all} where ${where(conditions)}
    order by users.id offset ${offset} limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, externalId: row.externalId ?? undefined }));
}

function where(conditions: readonly Condition[]): RawBuilder<unknown> {
  const addresses = conditions.filter(({ attribute }) => attribute === 'email' || attribute === 'emailType');
  const others = conditions.filter((each) => !addresses.includes(each));
  return sql.join(
    [sql`known.deleted_at is null`, ...others.map(condition), ...(addresses.length === 0 ? [] : [hasEmail(addresses)])],
    sql` and `,
  );
}

function condition({ attribute, value }: Condition): RawBuilder<unknown> {
  switch (attribute) {
    case 'id':
      return sql`users.id = ${idOrNone(value)}::uuid`;
    case 'userName':
      return sql`lower(${userName} collate "C") = lower(${value}::text collate "C")`;
    case 'externalId':
      return sql`known.external_id = ${value}`;
    case 'displayName':
      return sql`lower(users.display_name) = lower(${value}::text)`;
    case 'active':
      return sql`${active} = ${value.toLowerCase() === 'true'}`;
    case 'group':
      return sql`exists (select from provisioned_group_members as m
        where m.user_id = users.id and m.group_id = ${idOrNone(value)}::uuid)`;
    default:
      return sql`false`;
  }
}

/** One address that fits all of them. */
function hasEmail(conditions: readonly Condition[]): RawBuilder<unknown> {
  const tests = conditions.map(({ attribute, value }) =>
    attribute === 'email'
      ? sql`lower(entry ->> 'value' collate "C") = lower(${value}::text collate "C")`
      : sql`lower(entry ->> 'type') = lower(${value}::text)`,
  );
  return sql`exists (select from jsonb_array_elements(${emails}) as entry where ${sql.join(tests, sql` and `)})`;
}
