import { readApiAccess, readDatabaseUrl, readEncryptionKeys } from '../config/environment.ts';
import { createKeyRing } from '../encryption/key-ring.ts';
import { unwrapKeys } from '../process/unwrap-keys.ts';
import { runCommandLine } from './command-line.ts';
import { openForCommands } from './open-for-commands.ts';

// The command line where the environment is already complete, as in a container: `node api/mailroom.ts api-key list`.
process.exitCode = await runCommandLine(process.argv.slice(2), {
  name: 'mailroom',
  openDatabase: () => openForCommands(readDatabaseUrl()),
  findKeys: async () => createKeyRing(await unwrapKeys(readEncryptionKeys())),
  findApi: () => readApiAccess(),
});
