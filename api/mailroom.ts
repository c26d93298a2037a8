import { readApiAccess, readDatabaseUrl } from '../config/environment.ts';
import { runCommandLine } from './command-line.ts';
import { openForCommands } from './open-for-commands.ts';

// The command line where the environment is already complete, as in a container: `node api/mailroom.ts api-key list`.
process.exitCode = await runCommandLine(process.argv.slice(2), {
  name: 'mailroom',
  openDatabase: () => openForCommands(readDatabaseUrl()),
  findApi: () => readApiAccess(),
});
