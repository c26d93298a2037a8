import { randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import type { Database } from '../../database/database.ts';
import { countProcessesWithout, type KeyUsage, noteEmptyKeys, readKeyUsage } from '../../database/keys/key-usage.ts';
import { rotateKeys } from '../../database/keys/rotate-keys.ts';
import { findUnprovedKey } from '../../database/processes/key-proof.ts';
import type { KeyRing } from '../../encryption/key-ring.ts';
import { CommandProblem } from './command-problem.ts';
import { minuteOf, printJson, printNotice, printTable } from './print.ts';

/** Subscriptions last at most a week, and Microsoft returns what encrypted their account with each notification. */
const NEEDED_OUTSIDE_DAYS = 7;
/** What was written between two passes is little; more passes mean that a process writes with an older key. */
const MOST_PASSES = 3;
const KEY_BYTES = 32;

type WithDatabase = <Args extends unknown[]>(
  work: (db: Database, ...args: Args) => Promise<void>,
) => (...args: Args) => Promise<void>;

/** Adds the commands for encryption keys: what is left under each, and encrypting again with the newest. */
export function addKeyCommands(
  program: Command,
  withDatabase: WithDatabase,
  findKeys: () => KeyRing | Promise<KeyRing>,
): void {
  const keys = program.command('keys').description('encryption keys');
  keys
    .command('status')
    .description('print what is left under each key, and which may go')
    .option('--json', 'print it as JSON')
    .action(
      withDatabase(async (db: Database, { json }: { readonly json?: true }) => {
        const ring = await findKeys();
        await refuseUnproved(db, ring);
        const usage = await readUsage(db, ring);
        if (json) {
          const source = (keyId: string) => ring.sourceOf(keyId) ?? null;
          printJson(
            usage.map((key) => ({ ...key, source: source(key.keyId), counts: Object.fromEntries(key.counts) })),
          );
        } else printUsage(usage, ring);
      }),
    );
  keys
    .command('rotate')
    .description('encrypt again with the newest key what other keys encrypted, while everything runs')
    .action(withDatabase(async (db: Database) => await rotate(db, await findKeys())));
  keys
    .command('make')
    .description('print an entry for ENCRYPTION_KEYS with a new key, to be put in front')
    .requiredOption('--id <id>', 'its id: letters, digits, - and _', parseKeyId)
    .option('--kms <key>', 'encrypted by this key of AWS KMS: an ARN, an id or alias/…; the key itself is not shown')
    .action(async ({ id, kms }: { readonly id: string; readonly kms?: string }) => {
      if (kms === undefined) console.log(`${id}:${randomBytes(KEY_BYTES).toString('base64')}`);
      else console.log(`${id}:kms:${await wrapNewKey(id, kms)}`);
    });
}

function parseKeyId(text: string): string {
  if (/^[A-Za-z0-9_-]{1,32}$/.test(text)) return text;
  throw new InvalidArgumentError('It is not an id of up to 32 letters, digits, - and _.');
}

async function wrapNewKey(id: string, kms: string): Promise<string> {
  const { createAwsKms } = await import('../../process/aws-kms.ts');
  return await createAwsKms({ wrappingKey: kms }).wrapNewKey(id);
}

async function rotate(db: Database, ring: KeyRing): Promise<void> {
  const newest = ring.keyIds[0] as string;
  await refuseUnproved(db, ring);
  const without = await countProcessesWithout(db, newest);
  if (without > 0) {
    throw new CommandProblem(
      `${without} running ${without === 1 ? 'process does' : 'processes do'} not hold the key ${newest} yet. Restart with it in front, then rotate.`,
    );
  }
  let usage: readonly KeyUsage[];
  let left: number;
  let passes = 0;
  let rewrittenNow: number;
  do {
    rewrittenNow = 0;
    for await (const { words, rewritten, unreadable } of rotateKeys(db, ring)) {
      rewrittenNow += rewritten;
      if (rewritten > 0) printNotice(`${words}: ${rewritten} encrypted again`);
      if (unreadable > 0 && passes === 0) printNotice(`${words}: ${unreadable} cannot be decrypted`);
    }
    passes += 1;
    usage = await readUsage(db, ring);
    left = usage.filter(({ held }) => held !== 'newest').reduce((sum, { total }) => sum + total, 0);
  } while (left > 0 && rewrittenNow > 0 && passes < MOST_PASSES);
  printUsage(usage, ring);
  if (left > 0) throw new CommandProblem(`${valuesAre(left)} not under the key ${newest}.`);
}

async function readUsage(db: Database, ring: KeyRing): Promise<readonly KeyUsage[]> {
  await noteEmptyKeys(db, await readKeyUsage(db, ring));
  return await readKeyUsage(db, ring);
}

/** Nothing is encrypted by a key that no process used yet, or that is another one than theirs. */
async function refuseUnproved(db: Database, ring: KeyRing): Promise<void> {
  const unproved = await findUnprovedKey(db, ring);
  if (!unproved) return;
  throw new CommandProblem(
    unproved.reason === 'key-wrong'
      ? `ENCRYPTION_KEYS: the key ${unproved.keyId} is not the one that Mailroom's processes hold under this id.`
      : `ENCRYPTION_KEYS: no process of Mailroom has held the key ${unproved.keyId} yet. Start them with it first.`,
  );
}

function printUsage(usage: readonly KeyUsage[], ring: KeyRing): void {
  const words = [...new Set(usage.flatMap(({ counts }) => [...counts.keys()]))];
  printTable(
    ['KEY', 'CONFIGURED', 'FROM', ...words.map((each) => each.toUpperCase()), 'TOTAL'],
    usage.map(({ keyId, held, counts, total }) => [
      keyId,
      { newest: 'encrypts', older: 'decrypts', no: 'no' }[held],
      held === 'no' ? '-' : (ring.sourceOf(keyId) ?? 'configuration'),
      ...words.map((each) => String(counts.get(each) ?? 0)),
      String(total),
    ]),
  );
  for (const key of usage) {
    const advice = adviceOf(key);
    if (advice) printNotice(advice);
  }
}

function valuesAre(count: number): string {
  return `${count} ${count === 1 ? 'value is' : 'values are'}`;
}

/** What to do about a key other than the newest. */
function adviceOf({ keyId, held, total, emptiedAt }: KeyUsage): string | undefined {
  if (held === 'newest') return undefined;
  if (held === 'no') {
    if (total === 0) return undefined;
    return `${keyId}: ${valuesAre(total)} under it, and it is not configured. Put it back, behind the newest, or enter them again.`;
  }
  if (total > 0) return `${keyId}: ${valuesAre(total)} left. \`keys rotate\` encrypts again.`;
  const since = emptiedAt ?? new Date();
  const mayGo = new Date(since.getTime() + NEEDED_OUTSIDE_DAYS * 86_400_000);
  return mayGo.getTime() > Date.now()
    ? `${keyId}: nothing is left in the database. Remove it after ${minuteOf(mayGo)}: until then notifications of Microsoft may need it.`
    : `${keyId}: nothing is left since ${minuteOf(since)}. Remove it from ENCRYPTION_KEYS, and restart the processes.`;
}
