import type { Database } from '../../database/database.ts';

/** Takes messages out of the database as if they had never been captured: content, items and the ledger. */
export async function loseMessages(db: Database, graphIds: readonly string[]): Promise<void> {
  const lost = db.selectFrom('messages').select('id').where('graphId', 'in', graphIds);
  await db.deleteFrom('items').where('messageId', 'in', lost).execute();
  await db.deleteFrom('messages').where('graphId', 'in', graphIds).execute();
  await db.deleteFrom('captured').where('graphId', 'in', graphIds).execute();
}
