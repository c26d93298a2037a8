import { runCommandLine } from '../api/command-line.ts';
import { openForCommands } from '../api/open-for-commands.ts';
import { readApiAccess, readDatabaseUrl, readEncryptionKeys } from '../config/environment.ts';
import { createKeyRing } from '../encryption/key-ring.ts';
import { unwrapKeys } from '../process/unwrap-keys.ts';
import { readStackEnvironment } from './embedded/stack-environment.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), {
  name: 'npm run mailroom --',
  openDatabase: async () => await openForCommands(findDatabaseUrl()),
  findKeys: async () =>
    createKeyRing(await unwrapKeys(readEncryptionKeys({ ...readStackEnvironment(), ...process.env }))),
  // That of the stack that runs in this folder, if no other is named.
  findApi: () => readApiAccess({ MAILROOM_URL: readStackEnvironment()?.PUBLIC_URL, ...process.env }),
});

/** The given database, or that of the stack that runs in this folder. */
function findDatabaseUrl(): string {
  const { DATABASE_URL, DATABASE_URL_FILE } = process.env;
  if (DATABASE_URL || DATABASE_URL_FILE) return readDatabaseUrl();
  const url = readStackEnvironment()?.DATABASE_URL;
  if (url) return url;
  throw new Error('No Mailroom runs in this folder. Start it with `npm start`, or set DATABASE_URL.');
}
