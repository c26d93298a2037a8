import { afterEach, expect, it, vi } from 'vitest';
import { countsTable, reasonsTable } from '../../scripts/demo/results.ts';
import { createProgress } from '../../scripts/embedded/progress.ts';

const HOSTILE = 'a\u001b]0;b\u0007\u202e\u009b';
const TERMINAL_OBEYS = /[^\P{Cc}\n]|[\u202a-\u202e]/u;

afterEach(() => void vi.restoreAllMocks());

it('reports lines of other processes with nothing that a terminal obeys', () => {
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  }
  const progress = createProgress();
  progress.warn(`postgres: ${HOSTILE}\n\tnext`);
  progress.fail(HOSTILE);
  vi.restoreAllMocks();
  expect(written).toEqual(['⚠ postgres: a\uFFFD]0;b\uFFFD\uFFFD\n      next\n', '✘ a\uFFFD]0;b\uFFFD\uFFFD\n']);
});

it('prints subjects, queues and reasons in the tables of the demo with nothing that a terminal obeys', () => {
  const account = { id: '1', address: 'support@contoso.example' };
  const items = [{ id: '1', subject: HOSTILE, why: HOSTILE, queue: { id: '1', name: HOSTILE }, account }];
  for (const table of [countsTable(items, [account.address]), reasonsTable(items)]) {
    expect(table).toContain('a\uFFFD]0;b');
    expect(table).not.toMatch(TERMINAL_OBEYS);
  }
});
