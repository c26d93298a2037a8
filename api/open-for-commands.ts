import { type Database, openDatabase } from '../database/database.ts';
import { findServerProblem } from '../database/processes/server-problem.ts';

/** Opens a database for one command; throws an Error with a readable message when the server cannot be Mailroom's. */
export async function openForCommands(url: string): Promise<Database> {
  const problem = await findServerProblem(url);
  if (problem) throw new Error(problem);
  return openDatabase({ url, poolSize: 1, applicationName: 'mailroom-command-line' });
}
