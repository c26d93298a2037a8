import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import { mailboxWorkflowId } from '../contract/mailbox.ts';
import { findAccountByAddress, listAccounts } from '../database/accounts/account-reads.ts';
import type { Database } from '../database/database.ts';
import { asDatabaseFailure, violatedConstraint } from '../database/database-failure.ts';
import { addApiKey, listApiKeys, revokeApiKey } from '../database/people/api-keys.ts';
import { addUser, listUsers } from '../database/people/users.ts';
import { grantRuntime } from '../database/roles/grant-runtime.ts';
import { countPending } from '../database/search/index-pending.ts';
import { searchMessages } from '../database/search/search-messages.ts';
import { noteWrites, noWrites } from '../database/write-outcome.ts';
import { accountState } from '../domain/account-state.ts';
import { type Failure, isFailure } from '../domain/failure.ts';
import type { KeyLimits } from '../domain/key-limits.ts';
import { MOST_TERMS, parseSearch } from '../domain/search/search-query.ts';
import {
  mayDo,
  type Permission,
  permissions,
  type SecurityProfile,
  securityProfiles,
} from '../domain/security-profile.ts';
import { terminalText } from '../domain/words/terminal-text.ts';
import type { KeyRing } from '../encryption/key-ring.ts';
import { createApiKey } from './access/api-key-format.ts';
import { parseNetwork } from './access/key-networks.ts';
import { stateWords } from './accounts/account-words.ts';
import { failureWords } from './accounts/failure-words.ts';
import { NewApiKey } from './api-keys/schemas.ts';
import { recordCommand, recordReading } from './audit/record-command.ts';
import { addAuditCommands } from './commands/audit-commands.ts';
import { CommandProblem } from './commands/command-problem.ts';
import { addItemCommands, countOf, parseId, parseTime } from './commands/item-commands.ts';
import { addKeyCommands } from './commands/key-commands.ts';
import { finishOutput, watchOutput } from './commands/output.ts';
import { minuteOf, printNotice, printTable, shorten } from './commands/print.ts';
import type { ApiAccess } from './commands/typed-api.ts';
import { tokenHash } from './http/random-token.ts';
import { valueWords } from './http/value-words.ts';
import { EmailAddress } from './http/values.ts';
import { NewUser } from './users/schemas.ts';

export interface CommandLineOptions {
  /** Opens Mailroom's database; throws an Error with a readable message when there is none. */
  readonly openDatabase: () => Promise<Database>;
  /** The encryption keys; throws an Error with a readable message when there are none. */
  readonly findKeys: () => KeyRing | Promise<KeyRing>;
  /** Where the API is and the key for it; throws an Error with a readable message when that is not set. */
  readonly findApi: () => ApiAccess;
  /** The command's name in the help. */
  readonly name: string;
}

const ACTOR = 'cli';
/** Writes of the one command that this process runs. */
const written = noWrites();
/** One page is enough for a terminal; the API has the others. */
const ACCOUNTS_LISTED = 1_000;

/**
 * The operators' commands: API keys, the first users, the list of accounts, a search; and an agent's work on items.
 * Only results go to stdout, so that scripts can parse them; everything else goes to stderr. Returns the exit code.
 */
export async function runCommandLine(args: readonly string[], options: CommandLineOptions): Promise<number> {
  const withDatabase =
    <Args extends unknown[]>(work: (db: Database, ...args: Args) => Promise<void>) =>
    async (...given: Args) => {
      const db = await options.openDatabase();
      try {
        await recordCommand(db, { actor: ACTOR, command: commandOf(program) }, () =>
          noteWrites(written, () => work(db, ...given)),
        );
      } finally {
        await db.destroy();
      }
    };

  const program = new Command(options.name)
    .description('Mailroom from the command line')
    .exitOverride()
    // It repeats what was typed, which a script may have from outside.
    .configureOutput({ writeErr: (text) => void process.stderr.write(terminalText(text)) });

  const apiKey = program.command('api-key').description('keys for machines');
  apiKey
    .command('create')
    .description('create an API key; it is printed once, and only its hash is stored')
    .requiredOption('--name <name>', 'what it is for', parseLine(NewApiKey.shape.name))
    .addOption(profileOption())
    .addOption(new Option('--expires <time>', 'when it ends; without it, never').argParser(parseTime))
    .addOption(new Option('--permission <permission...>', 'fewer than the profile has').choices(permissions))
    .addOption(new Option('--queue <id...>', 'only what is in these queues').argParser(ids))
    .addOption(new Option('--account <id...>', 'only what is of these accounts').argParser(ids))
    .addOption(new Option('--network <address...>', 'only from these addresses or networks').argParser(networks))
    .option('--if-missing', 'do nothing when a key of this name exists')
    .action(withDatabase(createKey));
  apiKey.command('list').description('list API keys').action(withDatabase(listKeys));
  apiKey
    .command('revoke')
    .description('revoke an API key, from the next request on')
    .requiredOption('--name <name>', 'its name')
    .action(withDatabase(revokeKey));

  const user = program.command('user').description('people who may sign in');
  user
    .command('add')
    .description('add a user, who signs in by single sign-on')
    .requiredOption('--email <address>', 'e-mail address at the identity provider', parseEmail)
    .addOption(profileOption())
    .option('--name <name>', 'name to show', parseLine(NewUser.shape.displayName), '')
    .action(withDatabase(addPerson));
  user.command('list').description('list users').action(withDatabase(listPeople));

  const accounts = program.command('accounts').description('connected mailboxes');
  accounts.command('list').description('list accounts').action(withDatabase(listMailboxes));

  program
    .command('search')
    .description('find items by what their messages say')
    .argument('<question...>', 'words, "words in this order", -without, word*, from:, to:, subject:, file:')
    .option('--newest', 'all matches by time; without it, the newest ones ranked')
    .addOption(new Option('--limit <number>', 'at most so many results').default(20).argParser(countOf(1, 500)))
    .action(withDatabase(printSearch));

  addKeyCommands(program, withDatabase, options.findKeys);
  addAuditCommands(program, withDatabase, options.findKeys);
  program
    .command('roles')
    .description('give a database role what the processes need, and no right to change the audit trail or the schema')
    .requiredOption('--runtime <role>', 'a role that exists; run this as the role that migrates')
    .action(
      withDatabase(async (db: Database, { runtime }: { readonly runtime: string }) => {
        await grantRuntime(db, runtime);
        printNotice(`${runtime} has the rights of a process. Use it in the DATABASE_URL of API and workers.`);
      }),
    );
  addItemCommands(program, options.findApi);

  program
    .command('workflow')
    .description('print the id of the workflow of an account, by which Temporal finds it')
    .argument('<address>', 'address of the mailbox', parseEmail)
    .action(withDatabase(printWorkflow));

  watchOutput();
  try {
    await program.parseAsync([...args], { from: 'user' });
    await finishOutput();
    return 0;
  } catch (error) {
    return tell(error);
  }
}

/** The command that runs, such as `api-key create`, without what was typed behind it. */
function commandOf(program: Command): string {
  const names: string[] = [];
  let command: Command | undefined = program;
  const words = [...program.args];
  while (command) {
    command = command.commands.find((each) => each.name() === words[0]);
    if (command) names.push(words.shift() ?? '');
  }
  return names.join(' ');
}

function profileOption(): Option {
  return new Option('--profile <profile>', 'what may be done with it').choices(securityProfiles).makeOptionMandatory();
}

function parseEmail(text: string): string {
  const parsed = EmailAddress.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('It is not an e-mail address.');
  return parsed.data;
}

/** A name by the rules of the API. */
function parseLine(schema: z.ZodType<string>): (text: string) => string {
  return (text) => {
    const parsed = schema.safeParse(text, { error: valueWords });
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(`It ${parsed.error.issues.map(({ message }) => message).join(', and ')}.`);
  };
}

interface KeyOptions {
  readonly name: string;
  readonly profile: SecurityProfile;
  readonly expires?: string;
  readonly permission?: readonly Permission[];
  readonly queue?: readonly string[];
  readonly account?: readonly string[];
  readonly network?: readonly string[];
  readonly ifMissing?: true;
}

async function createKey(db: Database, { name, profile, ifMissing, expires, ...given }: KeyOptions): Promise<void> {
  const { permission: permissions, queue: queueIds, account: accountIds, network: networks } = given;
  const beyond = permissions?.find((each) => !mayDo(profile, each));
  if (beyond) throw new CommandProblem(`The profile ${profile} does not have the permission ${beyond}.`);
  const expiresAt = expires === undefined ? undefined : new Date(expires);
  if (expiresAt && expiresAt.getTime() <= Date.now()) throw new CommandProblem('The key would have expired already.');
  const limits = { permissions, queueIds, accountIds, networks };
  const key = createApiKey();
  if (await addApiKey(db, ACTOR, { name, profile, keyHash: tokenHash(key), hint: key.slice(-4), limits, expiresAt })) {
    printNotice(`This key of the profile ${profile} is shown once. Keep it safe:`);
    console.log(key);
    return;
  }
  if (!ifMissing) {
    throw new CommandProblem(`A key named "${name}" exists already, or was revoked. Choose another name.`);
  }
  printNotice(`A key named "${name}" exists already; nothing was changed.`);
}

async function listKeys(db: Database): Promise<void> {
  const keys = await listApiKeys(db);
  printTable(
    ['NAME', 'PROFILE', 'ENDS WITH', 'CREATED', 'EXPIRES', 'LAST USED', 'REVOKED', 'LIMITS'],
    keys.map(({ name, profile, hint, createdAt, expiresAt, lastUsedAt, revokedAt, limits }) => [
      name,
      profile,
      hint,
      minuteOf(createdAt),
      minuteOf(expiresAt),
      minuteOf(lastUsedAt),
      minuteOf(revokedAt),
      limitWords(limits),
    ]),
  );
}

/** Which limits a key has; the API names them one by one. */
function limitWords({ permissions: allowed, queueIds, accountIds, networks: from }: KeyLimits): string {
  const words = [
    allowed?.join(' '),
    queueIds && `queues: ${queueIds.length}`,
    accountIds && `accounts: ${accountIds.length}`,
    from && `from ${from.join(' ')}`,
  ].filter((each) => each !== undefined);
  return words.join('; ') || 'none';
}

/** Collects the values of an option that is repeated. */
function ids(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, parseId(text)];
}

function networks(text: string, before: readonly string[] = []): readonly string[] {
  const network = parseNetwork(text);
  if (network === undefined) throw new InvalidArgumentError('It is not an address or a network such as 192.0.2.0/24.');
  return [...before, network];
}

async function revokeKey(db: Database, { name }: { readonly name: string }): Promise<void> {
  if (!(await revokeApiKey(db, ACTOR, { name }))) {
    throw new CommandProblem(`There is no key named "${name}" that could be revoked.`);
  }
  printNotice(`The key "${name}" is revoked.`);
}

async function addPerson(
  db: Database,
  { email, profile, name }: { readonly email: string; readonly profile: SecurityProfile; readonly name: string },
): Promise<void> {
  await addUser(db, ACTOR, { email, profile, displayName: name }).catch((error: unknown) => {
    if (violatedConstraint(error) !== 'users_email_key') throw error;
    throw new CommandProblem(`A user with the address ${email} exists already.`);
  });
  printNotice(`${email} may sign in now, as ${profile}.`);
}

async function listPeople(db: Database): Promise<void> {
  const users = await listUsers(db);
  printTable(
    ['E-MAIL', 'NAME', 'PROFILE', 'ENABLED', 'LAST SIGNED IN'],
    users.map(({ email, displayName, profile, enabled, lastSignedInAt }) => [
      email,
      displayName,
      profile,
      enabled ? 'yes' : 'no',
      minuteOf(lastSignedInAt),
    ]),
  );
}

async function listMailboxes(db: Database): Promise<void> {
  const page = { search: undefined, sort: 'address', descending: false, limit: ACCOUNTS_LISTED, offset: 0 } as const;
  const { accounts, total } = await listAccounts(db, page);
  printTable(
    ['ADDRESS', 'SIGNS IN', 'STATE', 'DEFAULT QUEUE', 'WAITING', 'TODAY', 'ID'],
    accounts.map(
      ({ id, address, signInAs, signIn, signInReason, enabled, defaultQueueName, waitingItems, capturedToday }) => [
        address,
        signInAs ?? address,
        stateWords(accountState({ signIn, enabled, removed: false }), signInReason),
        defaultQueueName ?? 'none',
        String(waitingItems),
        String(capturedToday),
        id,
      ],
    ),
  );
  if (total > accounts.length) printNotice(`… and ${total - accounts.length} more`);
}

async function printWorkflow(db: Database, address: string): Promise<void> {
  const account = await findAccountByAddress(db, address);
  if (!account) throw new CommandProblem(`No account is connected for ${address}.`);
  console.log(mailboxWorkflowId(account.id));
}

async function printSearch(
  db: Database,
  question: readonly string[],
  { newest, limit }: { readonly newest?: true; readonly limit: number },
): Promise<void> {
  const query = parseSearch(`${question.join(' ')} `);
  if (!query) throw new CommandProblem(`A search has at most ${MOST_TERMS} words.`);
  const order = newest ? 'newest' : 'relevance';
  await recordReading(db);
  const { hits } = await searchMessages(db, { query, order, limit, after: undefined });
  printTable(
    ['RECEIVED', 'STATE', 'QUEUE', 'FROM', 'SUBJECT', 'ITEM'],
    hits.map(({ item }) => [
      minuteOf(item.receivedAt),
      item.state,
      item.queueName ?? 'none',
      item.fromAddress ?? '-',
      shorten(item.subject),
      item.id,
    ]),
  );
  const pending = await countPending(db, PENDING_COUNTED);
  if (pending > 0)
    printNotice(`${pending === PENDING_COUNTED ? 'At least ' : ''}${pending} messages wait to be indexed.`);
}

const PENDING_COUNTED = 10_000;

function tell(error: unknown): number {
  // Commander has already reported wrong arguments; it also throws after --help.
  if (error instanceof CommanderError) return error.exitCode;
  if (error instanceof CommandProblem) {
    printNotice(error.message);
    return error.exitCode;
  }
  const known = asDatabaseFailure(error);
  if (isFailure(known)) printNotice(unavailableWords(known));
  else if (isMissingSchema(error)) printNotice('The database has no schema of Mailroom yet. Migrate it first.');
  else printNotice(error instanceof Error ? error.message : String(error));
  return 1;
}

/** Why the database is unavailable, and what is known about the command's writes. */
function unavailableWords({ type, reason }: Failure): string {
  const unclear =
    written.outcome === 'unclear' ? ' It is not known whether this was carried out: list before you repeat it.' : '';
  if (reason === 'database-down') {
    return `The database does not answer. Is Mailroom running? Start it with \`npm start\`.${unclear}`;
  }
  const { cause, nextStep } = failureWords(type, reason);
  return `${cause} ${nextStep}${unclear}`;
}

function isMissingSchema(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '42P01';
}
