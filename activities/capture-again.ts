import { capturePage } from '../database/capture.ts';
import { listRetrying } from '../database/quarantine.ts';
import { type CaptureTurn, count, FOLDER, REQUESTS_OF_A_MESSAGE } from './capture-turn.ts';
import { prepareAgain } from './page-preparation.ts';

/** Messages out of the quarantine in one turn; each is a request of its own. */
const RETRIES_PER_TURN = 20;

/** Captures messages in quarantine that a person wants tried again. */
export async function captureAgain(turn: CaptureTurn): Promise<void> {
  const { db, accountId, counts } = turn;
  const graphIds = await listRetrying(db, accountId, RETRIES_PER_TURN);
  if (graphIds.length === 0) return;
  await turn.beforeStep(0, REQUESTS_OF_A_MESSAGE * graphIds.length);
  const { messages, rejected } = await prepareAgain(graphIds, turn);
  const page = { accountId, folder: FOLDER, origin: 'retry', step: undefined, messages, rejected } as const;
  const outcome = await capturePage(db, page);
  if (outcome.written) count(counts, outcome);
}
