import { createHash } from 'node:crypto';
import { createApiKey } from '../../api/access/api-key-format.ts';
import { openDatabase } from '../../database/database.ts';
import { addApiKey, revokeApiKey } from '../../database/people/api-keys.ts';

/** A run that is killed leaves its key behind. */
const KEY_ENDS_IN_MS = 24 * 3_600_000;

/** Creates an API key for one run of a script; call `revoke` afterwards. */
export async function makeDemoKey(databaseUrl: string): Promise<{ key: string; revoke(): Promise<void> }> {
  const db = openDatabase({ url: databaseUrl, poolSize: 1, applicationName: 'mailroom-demo' });
  const key = createApiKey();
  const name = `demo of ${new Date().toISOString().slice(0, 19).replace('T', ' ')}`;
  const keyHash = createHash('sha256').update(key).digest();
  const expiresAt = new Date(Date.now() + KEY_ENDS_IN_MS);
  await addApiKey(db, 'cli', { name, profile: 'Admin', keyHash, hint: key.slice(-4), expiresAt });
  return {
    key,
    async revoke() {
      await revokeApiKey(db, 'cli', { name });
      await db.destroy();
    },
  };
}
