import { plannedAccounts, plannedQueues } from './demo/plan.ts';
import { deliver, readRealMail } from './demo/real-mail.ts';
import { countsTable, reasonsTable, waitForItems } from './demo/results.ts';
import { withStack } from './demo/running-stack.ts';
import { connectAccount, ensureQueues, enterSettings, saveRouting } from './demo/set-up.ts';
import { variedReasons } from './demo/varied-reasons.ts';
import { createProgress } from './embedded/progress.ts';
import { readArguments } from './embedded/script-arguments.ts';
import { createMailroomClient } from './mailroom-client.ts';

const USAGE = `Usage: npm run demo

Connects three simulated mailboxes, delivers real messages to them, and shows into which queues they came, and why. Uses the
Mailroom that runs in this clone, or starts one and stops it at the end; the data stay.
`;

readArguments(USAGE, {});
const REASONS_SHOWN = 10;

const progress = createProgress();
await withStack(progress, async ({ environment, staysRunning, key }) => {
  const mailroom = createMailroomClient(environment.PUBLIC_URL, key);
  const simulator = environment.SIMULATOR_URL;

  await progress.step(
    () => enterSettings(mailroom),
    () => 'Global properties entered',
  );
  const queueIds = await progress.step(
    () => ensureQueues(mailroom, plannedQueues),
    (ids) => `Queues: ${[...ids.keys()].join(', ')}`,
  );
  const accounts: { id: string; address: string }[] = [];
  for (const planned of plannedAccounts) {
    const connect = async () => {
      const { id } = await connectAccount(mailroom, simulator, planned.address);
      await saveRouting(mailroom, id, planned, queueIds);
      accounts.push({ id, address: planned.address });
    };
    await progress.step(connect, () => `${planned.address} connected, ${planned.rules.length} rules`);
  }

  const accountIds = new Set(accounts.map(({ id }) => id));
  const queues = [...queueIds.values()];
  const before = await waitForItems(mailroom, queues, accountIds, 0, () => {});
  const mail = readRealMail();
  const sendAll = async () => {
    for (const [index, message] of mail.entries()) {
      await deliver(simulator, accounts[index % accounts.length]?.address ?? '', message);
    }
  };
  await progress.step(sendAll, () => `${mail.length} real messages delivered, by turns to the three mailboxes`);
  const items = await progress.step(
    () =>
      waitForItems(mailroom, queues, accountIds, before.length + mail.length, (captured) => {
        if (process.stdout.isTTY) process.stdout.write(`\r… ${captured - before.length} of ${mail.length} in queues`);
      }),
    () => `${process.stdout.isTTY ? '\r' : ''}All of them are in queues, each once`,
  );

  const addresses = accounts.map(({ address }) => address);
  console.log(`\n${countsTable(items, addresses)}\n\nWhy some of them are where they are:\n`);
  console.log(reasonsTable(variedReasons(items, REASONS_SHOWN)));
  const goOn = `at ${environment.PUBLIC_URL}, or with the API: ${environment.PUBLIC_URL}/docs`;
  console.log(staysRunning ? `\nGo on ${goOn}\n` : `\nThe data stay: npm start, and go on ${goOn}\n`);
});
