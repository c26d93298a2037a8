import { createSecretKey } from 'node:crypto';
import { openDatabase } from '../../database/database.ts';
import { createKeyRing } from '../../encryption/key-ring.ts';
import { createRunner, dependenciesOf } from './reader.ts';

// Compares a mailbox to the end, in a process that a test can kill: node reconcile-process.ts ACCOUNT DATABASE SIMULATOR KEY
const [accountId = '', url = '', simulatorUrl = '', key = ''] = process.argv.slice(2);
const db = openDatabase({ url, poolSize: 2, applicationName: 'test' });
const keys = createKeyRing([{ id: 'test', key: createSecretKey(Buffer.from(key, 'base64')) }]);
const { reconcile } = createRunner(dependenciesOf(db, simulatorUrl, { keys }));
while ((await reconcile(accountId)).hasMore);
await db.destroy();
