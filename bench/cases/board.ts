import { sql } from 'kysely';
import { encodeCursor } from '../../api/http/page-cursor.ts';
import type { BenchmarkCase, BenchOptions, Crowd } from '../benchmark-case.ts';
import type { Figure } from '../figure.ts';
import { measureRequests } from '../measure/request-times.ts';
import { filledWithMail, MESSAGES } from '../stack/filled-with-mail.ts';
import type { BenchStack } from '../stack/start-bench-stack.ts';

const ROUNDS = 20;
const WITHIN_MS = 30_000;

/** What supervisors and agents look at all day, with the items of a year, a tenth of them open in one queue. */
export const board: BenchmarkCase = {
  name: 'board',
  question: `How fast are the board and the lists of queues with ${MESSAGES.toLocaleString('en')} items?`,
  steps: [{ stack: 'empty', connected: 0, run }],
};

async function run({ stack }: Crowd, { scale }: BenchOptions): Promise<readonly Figure[]> {
  const { queueIds, open } = await filledWithMail(stack, scale);
  const items = `/api/v1/queues/${queueIds[0]}/items?pageSize=50`;
  const cursor = await cursorFarDown(stack, queueIds[0] ?? '', open);
  const requests = {
    'board, 7 days': '/api/v1/board?days=7&timeZone=Europe/Berlin',
    'board, 90 days': '/api/v1/board?days=90&timeZone=Europe/Berlin',
    'CSV, 31 days': '/api/v1/board.csv?days=31&timeZone=Europe/Berlin',
    'CSV, 366 days': '/api/v1/board.csv?days=366&timeZone=Europe/Berlin',
    queues: '/api/v1/queues',
    'waiting, first page': `${items}&state=waiting`,
    'waiting, page far down': `${items}&state=waiting&cursor=${encodeURIComponent(cursor)}`,
    'completed, newest first': `${items}&state=completed&order=newest`,
    'my items': '/api/v1/items/mine',
  };
  const kinds = Object.entries(requests).map(([kind, path]) => ({
    kind,
    pathOf: () => path,
    isExport: kind.startsWith('CSV'),
  }));
  return [
    { what: 'open items in the largest queue', value: open, unit: '' },
    ...(await measureRequests(stack, kinds, {
      rounds: Math.ceil(ROUNDS * scale),
      atMostMs: 300,
      withinMs: WITHIN_MS,
    })),
  ];
}

/** Of the page after nine tenths of the open items. */
async function cursorFarDown({ db }: BenchStack, queueId: string, open: number): Promise<string> {
  const { rows } = await sql<{ receivedAt: Date; id: string }>`
    select received_at, id from items where queue_id = ${queueId} and state <> 'completed'
    order by received_at, id offset ${Math.floor(0.9 * open)} limit 1
  `.execute(db);
  const [{ receivedAt, id }] = rows as [{ receivedAt: Date; id: string }];
  return encodeCursor(receivedAt.toISOString(), id);
}
