import { type Command, InvalidArgumentError, Option } from 'commander';
import { confirmations } from '../../domain/answer.ts';
import { type AnswerOptions, answerItem } from './answer-item.ts';
import { CommandProblem, exitCodes } from './command-problem.ts';
import { printItem, printItems } from './item-output.ts';
import { minuteOf, printJson, printNotice, printTable, printText } from './print.ts';
import { type ApiAccess, openTypedApi, repeated, type Schemas, type TypedApi, take, takeBody } from './typed-api.ts';

const EXIT_CODES = `
Asks the API at MAILROOM_URL with the key in MAILROOM_API_KEY (or MAILROOM_API_KEY_FILE).
Exit codes: 0 done, 1 refused, 3 nothing waits, 4 no answer, or it cannot be printed: it may have been carried out.`;

/** Most that one page of the API has. */
const PAGE_SIZE = 200;

type ItemWithMessage = Schemas['ItemWithMessage'];

interface Output {
  readonly json?: true;
}

interface Seen {
  readonly seenThrough?: string;
}

function seenThroughOption(): Option {
  const words = 'newestMail of the item as you saw it: refused if a newer mail has come';
  return new Option('--seen-through <id>', words).argParser(parseId);
}

/** Adds the commands for an agent's work, which go by the API and a key: what holds on the pages holds here. */
export function addItemCommands(program: Command, findAccess: () => ApiAccess): void {
  const items = program.command('items').description('work on items, by the API').addHelpText('after', EXIT_CODES);

  const add = (usage: string, description: string) =>
    items.command(usage).description(description).option('--json', 'print the answer of the API');
  const withApi =
    <Args extends unknown[]>(work: (api: TypedApi, ...args: Args) => Promise<void>) =>
    async (...given: Args) =>
      await work(openTypedApi(findAccess()), ...given);
  /** A step whose answer is the item. */
  const step = <Args extends unknown[]>(
    take: (api: TypedApi, id: string, ...args: Args) => Parameters<typeof takeBody<ItemWithMessage>>[0],
  ) =>
    withApi(async (api, id: string, ...args: Args) => {
      const item = await takeBody(take(api, id, ...args));
      const { json } = args.find((arg) => typeof arg === 'object' && arg !== null && !Array.isArray(arg)) as Output;
      if (json) printJson(item);
      else printItems([item]);
    });

  add('list', "list a queue's items, or without --queue those that wait for you")
    .option('--queue <queue>', 'its name or id')
    .addOption(
      new Option('--state <state>', 'of items of a queue')
        .choices(['waiting', 'claimed', 'parked', 'completed', 'all'])
        .default('waiting'),
    )
    .option('--newest', 'the newest first')
    .addOption(new Option('--limit <number>', 'at most so many').default(50).argParser(countOf(1, 10_000)))
    .action(withApi(listItems));

  add('show', 'print an item, its message and its notes')
    .argument('<item>', 'its id', parseId)
    .action(withApi(showItem));

  add('claim', 'claim an item, or with --queue the next one of a queue')
    .argument('[item]', 'its id', parseId)
    .option('--queue <queue>', 'name or id of a queue')
    .addOption(new Option('--lease <seconds>', 'how long it is yours').argParser(countOf(30, 3_600)))
    .action(withApi(claimItem));

  add('complete', 'complete an item that you claimed')
    .argument('<item>', 'its id', parseId)
    .option('--outcome <outcome>', "one of the queue's outcomes")
    .addOption(seenThroughOption())
    .action(
      step((api, id, { outcome, seenThrough }: Output & Seen & { readonly outcome?: string }) =>
        api.POST('/api/v1/items/{id}/complete', {
          params: { path: { id } },
          body: { ...(outcome && { outcome }), ...(seenThrough && { seenThrough }) },
        }),
      ),
    );

  add('undo', 'undo your completion, within a minute')
    .argument('<item>', 'its id', parseId)
    .action(step((api, id, _: Output) => api.POST('/api/v1/items/{id}/undo', { params: { path: { id } }, body: {} })));

  add('release', 'put an item that you claimed back into its queue')
    .argument('<item>', 'its id', parseId)
    .action(
      step((api, id, _: Output) => api.POST('/api/v1/items/{id}/release', { params: { path: { id } }, body: {} })),
    );

  add('park', 'take an item out of its queue until a time, or until the customer writes')
    .argument('<item>', 'its id', parseId)
    .addOption(new Option('--until <time>', 'such as 2026-11-30T09:00+01:00').argParser(parseTime))
    .addOption(new Option('--customer', 'until the customer writes').conflicts('until'))
    .option('--note <text>', 'for colleagues')
    .addOption(seenThroughOption())
    .action(
      step((api, id, { until, customer, note, seenThrough }: Output & Seen & ParkOptions) => {
        if (until === undefined && !customer) throw new CommandProblem('Name --until <time>, or --customer.');
        const reason = until === undefined ? { reason: 'customer' as const } : { reason: 'time' as const, until };
        const body = { ...reason, ...(note !== undefined && { note }), ...(seenThrough && { seenThrough }) };
        return api.POST('/api/v1/items/{id}/park', { params: { path: { id } }, body });
      }),
    );

  add('unpark', 'put a parked item back into its queue')
    .argument('<item>', 'its id', parseId)
    .action(
      step((api, id, _: Output) => api.POST('/api/v1/items/{id}/unpark', { params: { path: { id } }, body: {} })),
    );

  add('move', 'move an item to another queue or person')
    .argument('<item>', 'its id', parseId)
    .option('--queue <queue>', 'name or id of a queue')
    .option('--person <address>', 'e-mail address of a user')
    .option('--note <text>', 'for colleagues')
    .action(withApi(moveItem));

  add('reopen', 'open a completed item again')
    .argument('<item>', 'its id', parseId)
    .requiredOption('--reason <text>', 'kept as a note')
    .action(
      step((api, id, { reason }: Output & { readonly reason: string }) =>
        api.POST('/api/v1/items/{id}/reopen', { params: { path: { id } }, body: { reason } }),
      ),
    );

  add('tag', 'set all tags of an item; without any, none is left')
    .argument('<item>', 'its id', parseId)
    .argument('[tags...]', "of the queue's tags")
    .action(
      step((api, id, tags: string[], _: Output) =>
        api.PUT('/api/v1/items/{id}/tags', { params: { path: { id } }, body: { tags } }),
      ),
    );

  add('note', 'add a note for colleagues')
    .argument('<item>', 'its id', parseId)
    .argument('<text...>', 'its words')
    .action(withApi(addNote));

  add('answer', 'answer the message of an item from the mailbox that received it')
    .argument('<item>', 'its id', parseId)
    .addOption(new Option('--kind <kind>', 'who gets it').choices(['reply', 'reply-all', 'forward']).default('reply'))
    .option('--text <text>', 'what to write; without it, standard input is read')
    .option('--to <address...>', 'other recipients than suggested; required for a forward')
    .option('--subject <subject>', 'another subject than suggested')
    .option('--complete', 'complete the item as well')
    .addOption(seenThroughOption())
    .addOption(new Option('--confirm <what...>', 'what the API asks about before it sends').choices(confirmations))
    .addOption(new Option('--delay <seconds>', 'time in which it can be undone').argParser(countOf(0, 120)))
    .option('--draft', 'save it as a draft, and send nothing')
    .option('--replace', 'discard the draft of this kind that this key has for the item')
    .action(
      withApi(async (api, id: string, options: Output & AnswerOptions) => {
        const answer = await answerItem(api, id, options);
        if (options.json) return printJson(answer);
        printTable(
          ['STATE', 'SENT AT', 'TO', 'SUBJECT', 'ANSWER'],
          [
            [
              answer.state,
              minuteOf(answer.sendAt),
              answer.to.map(({ address }) => address).join(', '),
              answer.subject,
              answer.id,
            ],
          ],
        );
      }),
    );
}

interface ListOptions extends Output {
  readonly queue?: string;
  readonly state: 'waiting' | 'claimed' | 'parked' | 'completed' | 'all';
  readonly newest?: true;
  readonly limit: number;
}

async function listItems(api: TypedApi, { queue, state, newest, limit, json }: ListOptions): Promise<void> {
  if (queue === undefined) {
    const mine = await takeBody(api.GET('/api/v1/items/mine'));
    if (json) return printJson(mine);
    const { held, assigned, parked, mentioned } = mine;
    const known = new Map([...held, ...assigned, ...parked, ...mentioned].map((item) => [item.id, item]));
    return printItems([...known.values()]);
  }
  const id = await findQueueId(api, queue);
  const found: Schemas['Item'][] = [];
  let cursor: string | undefined;
  let hasMore = true;
  while (hasMore && found.length < limit) {
    const pageSize = Math.min(PAGE_SIZE, limit - found.length);
    const order = newest ? 'newest' : 'oldest';
    const query = { state, order, pageSize, ...(cursor === undefined ? {} : { cursor }) } as const;
    const page = await takeBody(api.GET('/api/v1/queues/{id}/items', { params: { path: { id }, query } }));
    found.push(...page.items);
    hasMore = page.nextCursor !== null;
    cursor = page.nextCursor ?? undefined;
  }
  if (json) printJson({ items: found, hasMore });
  else printItems(found);
  if (hasMore) printNotice(`There are more: --limit ${limit} was reached.`);
}

async function showItem(api: TypedApi, id: string, { json }: Output): Promise<void> {
  const item = await takeBody(api.GET('/api/v1/items/{id}', { params: { path: { id } } }));
  if (json) return printJson(item);
  const { notes } = await takeBody(api.GET('/api/v1/items/{id}/notes', { params: { path: { id } } }));
  printItem(item, notes);
}

interface ClaimOptions extends Output {
  readonly queue?: string;
  readonly lease?: number;
}

async function claimItem(
  api: TypedApi,
  id: string | undefined,
  { queue, lease: leaseSeconds, json }: ClaimOptions,
): Promise<void> {
  if ((id === undefined) === (queue === undefined)) throw new CommandProblem('Name either an item or --queue.');
  const lease = leaseSeconds === undefined ? {} : { leaseSeconds };
  const item =
    id === undefined
      ? await claimNext(api, await findQueueId(api, queue ?? ''), lease)
      : await takeBody(api.POST('/api/v1/items/{id}/claim', { params: { path: { id } }, body: lease }));
  if (json) printJson(item ?? null);
  else if (item) printItems([item]);
  if (!item) throw new CommandProblem(`Nothing waits in the queue ${queue}.`, exitCodes.nothing);
}

async function claimNext(api: TypedApi, id: string, lease: { readonly leaseSeconds?: number }) {
  const body = { ...lease, requestId: crypto.randomUUID() };
  return await repeated(() => take(api.POST('/api/v1/queues/{id}/claim', { params: { path: { id } }, body })));
}

interface ParkOptions {
  readonly until?: string;
  readonly customer?: true;
  readonly note?: string;
}

interface MoveOptions extends Output {
  readonly queue?: string;
  readonly person?: string;
  readonly note?: string;
}

async function moveItem(api: TypedApi, id: string, { queue, person, note, json }: MoveOptions): Promise<void> {
  if (queue === undefined && person === undefined) throw new CommandProblem('Name --queue, --person or both.');
  const body = {
    ...(queue === undefined ? {} : { queueId: await findQueueId(api, queue) }),
    ...(person === undefined ? {} : { personId: await findPersonId(api, person) }),
    ...(note === undefined ? {} : { note }),
  };
  const item = await takeBody(api.POST('/api/v1/items/{id}/move', { params: { path: { id } }, body }));
  if (json) printJson(item);
  else printItems([item]);
}

async function addNote(api: TypedApi, id: string, words: readonly string[], { json }: Output): Promise<void> {
  const body = { text: words.join(' ') };
  const note = await takeBody(api.POST('/api/v1/items/{id}/notes', { params: { path: { id } }, body }));
  if (json) printJson(note);
  else printText(`Added at ${minuteOf(note.at)}: ${note.text}`);
}

async function findQueueId(api: TypedApi, queue: string): Promise<string> {
  const { queues } = await takeBody(api.GET('/api/v1/queues'));
  const found =
    queues.find(({ id }) => id === queue.toLowerCase()) ??
    queues.find(({ name }) => name === queue) ??
    queues.find(({ name }) => name.toLowerCase() === queue.toLowerCase());
  if (found) return found.id;
  throw new CommandProblem(`There is no queue ${queue}. The queues: ${queues.map(({ name }) => name).join(', ')}.`);
}

async function findPersonId(api: TypedApi, person: string): Promise<string> {
  const { people } = await takeBody(api.GET('/api/v1/colleagues'));
  const found = people.find(({ id, name }) => id === person || name === person.toLowerCase());
  if (found) return found.id;
  throw new CommandProblem(`There is no enabled user with the address ${person}.`);
}

export function parseId(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('It is not an id. `items list` and `search` print those of items.');
}

export function parseTime(text: string): string {
  const isWritten = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text);
  const time = new Date(/T/.test(text) ? text : `${text}T00:00`);
  if (isWritten && !Number.isNaN(time.getTime())) return time.toISOString();
  throw new InvalidArgumentError('It is not a time such as 2026-11-30T09:00+01:00.');
}

/** A parser of whole numbers within limits. */
export function countOf(least: number, most: number) {
  return (text: string): number => {
    const count = Number(text);
    if (text.trim() !== '' && Number.isInteger(count) && count >= least && count <= most) return count;
    throw new InvalidArgumentError(`It is not a number from ${least} to ${most}.`);
  };
}
