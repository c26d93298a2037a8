import { createSecretKey } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../database/database.ts';
import { createKeyRing } from '../../encryption/key-ring.ts';
import { FAST_SENDING } from './fast-sending.ts';
import { createRunner, dependenciesOf } from './reader.ts';

// Sends answers, in a process that a test can kill: node sending-process.ts ANSWER,… DATABASE SIMULATOR KEY
const [answers = '', url = '', simulatorUrl = '', key = ''] = process.argv.slice(2);
const db = openDatabase({ url, poolSize: 5, applicationName: 'test' });
const keys = createKeyRing([{ id: 'test', key: createSecretKey(Buffer.from(key, 'base64')) }]);
const dependencies = dependenciesOf(db, simulatorUrl, { keys, sendingTimes: FAST_SENDING });
const { sendAnswer } = createRunner(dependencies);
await Promise.all(
  answers.split(',').map(async (id) => {
    for (let nextInMs: number | null = 0; nextInMs !== null; ) {
      await sleep(nextInMs);
      ({ nextInMs } = await sendAnswer(id));
    }
  }),
);
await dependencies.bodyTexts.close();
await db.destroy();
