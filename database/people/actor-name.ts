import { type RawBuilder, sql } from 'kysely';

/**
 * The current name of an actor: a user's e-mail address or an API key's name; null when it is gone, or is neither.
 * `actor`: a column with `user:<id>`, `key:<id>` or a word.
 */
export function actorName(actor: string): RawBuilder<string | null> {
  const column = sql.ref(actor);
  return sql<string | null>`case
    when ${column} like 'user:%' then (select email from users where users.id = substr(${column}, 6)::uuid)
    when ${column} like 'key:%' then (select name from api_keys where api_keys.id = substr(${column}, 5)::uuid)
  end`;
}
