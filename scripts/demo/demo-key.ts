import { createHash } from 'node:crypto';
import { createApiKey } from '../../api/access/api-key-format.ts';
import { openDatabase } from '../../database/database.ts';
import { addApiKey, revokeApiKey } from '../../database/people/api-keys.ts';

/** Creates an API key for one run of the demonstration; call `revoke` afterwards. */
export async function makeDemoKey(databaseUrl: string): Promise<{ key: string; revoke(): Promise<void> }> {
  const db = openDatabase({ url: databaseUrl, poolSize: 1, applicationName: 'mailroom-demo' });
  const key = createApiKey();
  const name = `demo of ${new Date().toISOString().slice(0, 19).replace('T', ' ')}`;
  const keyHash = createHash('sha256').update(key).digest();
  await addApiKey(db, 'cli', { name, profile: 'Admin', keyHash, hint: key.slice(-4) });
  return {
    key,
    async revoke() {
      await revokeApiKey(db, 'cli', { name: name });
      await db.destroy();
    },
  };
}
