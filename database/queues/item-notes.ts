import { sql } from 'kysely';
import type { NoteKind } from '../../domain/item-work.ts';
import type { Database, Queryable } from '../database.ts';
import { actorName } from '../people/actor-name.ts';

export interface NewNote {
  readonly itemId: string;
  readonly accountId: string;
  readonly author: string;
  readonly kind: NoteKind;
  readonly text: string;
  /** Ids of users; those who do not exist are left out. */
  readonly mentions: readonly string[];
}

/** Adds a note; the people that it mentions find the item among theirs. Returns its id. */
export async function addNote(db: Queryable, note: NewNote): Promise<string> {
  const { mentions, ...row } = note;
  const { id } = await db.insertInto('itemNotes').values(row).returning('id').executeTakeFirstOrThrow();
  if (mentions.length > 0) {
    await sql`
      insert into item_mentions (note_id, user_id, item_id)
      select ${id}, id, ${note.itemId} from users where id = any(${mentions}::uuid[]) and enabled
    `.execute(db);
  }
  return id;
}

/** Adds a remark to an item in any state. Undefined: there is no such item. */
export async function addRemark(
  db: Database,
  note: Omit<NewNote, 'accountId' | 'kind'>,
): Promise<NoteView | undefined> {
  return await db.transaction().execute(async (trx) => {
    const item = await trx.selectFrom('items').select('accountId').where('id', '=', note.itemId).executeTakeFirst();
    if (!item) return undefined;
    const id = await addNote(trx, { ...note, accountId: item.accountId, kind: 'note' });
    return await selectNotes(trx).where('itemNotes.id', '=', id).executeTakeFirstOrThrow();
  });
}

export interface NoteView {
  readonly id: string;
  readonly author: string;
  readonly authorName: string | null;
  readonly kind: NoteKind;
  readonly text: string;
  readonly at: Date;
  readonly mentions: readonly { readonly id: string; readonly name: string }[];
}

/** A conversation of colleagues has some dozen. */
const MOST_NOTES = 500;

/** The notes of an item, oldest first. */
export async function listNotes(db: Queryable, itemId: string): Promise<readonly NoteView[]> {
  const newest = await selectNotes(db).where('itemId', '=', itemId).orderBy('id', 'desc').limit(MOST_NOTES).execute();
  return newest.toReversed();
}

function selectNotes(db: Queryable) {
  return db
    .selectFrom('itemNotes')
    .select(['id', 'author', actorName('item_notes.author').as('authorName'), 'kind', 'text', 'at'])
    .select(
      sql<NoteView['mentions']>`(
        select coalesce(json_agg(json_build_object('id', users.id, 'name', users.email) order by users.email), '[]')
        from item_mentions join users on users.id = user_id where note_id = item_notes.id
      )`.as('mentions'),
    );
}

/** The person has seen what mentions them in this item. */
export async function seeMentions(db: Queryable, itemId: string, userId: string): Promise<void> {
  await db
    .updateTable('itemMentions')
    .set({ seenAt: sql`now()` })
    .where('userId', '=', userId)
    .where('itemId', '=', itemId)
    .where('seenAt', 'is', null)
    .execute();
}
