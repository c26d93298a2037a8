import { readDatabaseUrl } from '../config/environment.ts';
import { openDatabase } from '../database/database.ts';
import { runCommandLine } from './command-line.ts';

// The command line where the environment tells everything, as in a container: `node api/mailroom.ts api-key list`.
process.exitCode = await runCommandLine(process.argv.slice(2), {
  name: 'mailroom',
  openDatabase: () => openDatabase({ url: readDatabaseUrl(), poolSize: 1, applicationName: 'mailroom-command-line' }),
});
