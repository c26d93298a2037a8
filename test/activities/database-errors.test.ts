import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities } from '../../activities/create-activities.ts';
import type { MailboxActivities } from '../../contract/activities.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { aKeyRing } from '../support/builders.ts';
import { dependenciesOf, type Reader, startReader } from './reader.ts';

const keys = aKeyRing();
let reader: Reader;
/** Nothing listens there. */
let away: Database;

beforeAll(async () => {
  reader = await startReader({ keys });
  away = openDatabase({ url: 'postgres://nobody@127.0.0.1:9/none', poolSize: 1, applicationName: 'test' });
});
afterAll(async () => {
  await away.destroy();
  await reader.stop();
});

type Activity = (...args: unknown[]) => Promise<unknown>;
const names = Object.keys({
  readAccount: 0,
  openSignIn: 0,
  expireSignIn: 0,
  redeemSignIn: 0,
  pauseAccount: 0,
  resumeAccount: 0,
  countMissedMail: 0,
  keepSignInAlive: 0,
  drain: 0,
  reconcile: 0,
  keepSubscription: 0,
  endSubscription: 0,
  cleanUp: 0,
} satisfies Record<keyof MailboxActivities, 0>) as (keyof MailboxActivities)[];

/** How an activity fails, as Temporal gets to know. */
async function failureOf(activities: MailboxActivities, name: keyof MailboxActivities, ...args: unknown[]) {
  const attempt = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  return await attempt.run(activities[name] as unknown as Activity, ...args).then(
    () => expect.fail('should have failed'),
    (error: unknown) => error,
  );
}

const anId = '00000000-0000-4000-8000-000000000001';

describe('an activity', () => {
  it.each(names)('%s fails in our words while the database is away, and is tried again', async (name) => {
    const activities = createActivities(dependenciesOf(away, reader.simulatorUrl, { keys }));
    const command = name === 'redeemSignIn' ? anId : { actor: 'test', mode: 'catch-up', signInId: anId, expiresAt: 0 };
    expect(await failureOf(activities, name, anId, command)).toMatchObject({
      name: 'ApplicationFailure',
      type: 'Unavailable',
      nonRetryable: false,
      details: [{ reason: 'database-down', code: 'ECONNREFUSED' }],
    });
  });

  it.each(['drain', 'reconcile', 'countMissedMail', 'keepSignInAlive', 'keepSubscription'] as const)(
    '%s fails in our words where no key decrypts the tokens',
    async (name) => {
      const { id } = await reader.connect();
      await reader.db
        .updateTable('reconciliations')
        .set({ dueAt: new Date(0) })
        .execute();
      await reader.db
        .insertInto('reconciliations')
        .values({ accountId: id, dueAt: new Date(0) })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const cache = aKeyRing().encrypt('{}', `token_caches.cache|${id}`);
      await reader.db.updateTable('tokenCaches').set({ cache }).where('accountId', '=', id).execute();
      // Tokens that were held before have nothing to decrypt.
      const options = { keys, notificationUrl: 'https://mailroom.example' };
      const activities = createActivities(dependenciesOf(reader.db, reader.simulatorUrl, options));
      expect(await failureOf(activities, name, id)).toMatchObject({
        type: 'Unavailable',
        nonRetryable: false,
        details: [{ reason: 'key-missing' }],
      });
    },
  );
});
