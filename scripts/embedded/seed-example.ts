import { openDatabase } from '../../database/database.ts';
import { addUser } from '../../database/people/users.ts';
import { addQueue } from '../../database/queues/queues.ts';
import { DEFAULT_ADMINISTRATOR, DEFAULT_DOMAIN } from '../../simulator/entra/default-directory.ts';

/** One user of the simulated organisation for each security profile. */
export const exampleUsers = [
  { email: DEFAULT_ADMINISTRATOR, displayName: 'Ada Administrator', profile: 'Admin' },
  { email: `sam@${DEFAULT_DOMAIN}`, displayName: 'Sam Supervisor', profile: 'Supervisor' },
  { email: `ann@${DEFAULT_DOMAIN}`, displayName: 'Ann Agent', profile: 'Agent' },
] as const;

export const exampleQueues = [
  { name: 'Support', description: 'Questions and trouble' },
  { name: 'Billing', description: 'Invoices and payments' },
] as const;

/** Puts example data into an unused database. True when it did. */
export async function seedExample(databaseUrl: string): Promise<boolean> {
  const db = openDatabase({ url: databaseUrl, poolSize: 1, applicationName: 'mailroom-example' });
  try {
    const event = await db.selectFrom('events').select('id').limit(1).executeTakeFirst();
    const user = await db.selectFrom('users').select('id').limit(1).executeTakeFirst();
    if (event ?? user) return false;
    for (const example of exampleUsers) await addUser(db, 'cli', example);
    for (const queue of exampleQueues) await addQueue(db, 'cli', queue);
    return true;
  } finally {
    await db.destroy();
  }
}
