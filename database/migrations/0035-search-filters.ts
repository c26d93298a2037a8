import { type Kysely, sql } from 'kysely';

/** Indexes for the filters of a search that few items meet: a tag, and who claimed or completed an item. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

// Some two seconds for a million items.
const statements = [
  'set local statement_timeout = 0',
  'create index items_tags on items using gin (tags) where cardinality(tags) > 0',
  'create index items_claimed_by on items (claimed_by, received_at desc) where claimed_by is not null',
];
