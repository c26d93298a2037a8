import type { BenchmarkCase } from './benchmark-case.ts';
import { board } from './cases/board.ts';
import { capture } from './cases/capture.ts';
import { fairness } from './cases/fairness.ts';
import { growth } from './cases/growth.ts';
import { idle } from './cases/idle.ts';
import { latency } from './cases/latency.ts';
import { notifications } from './cases/notifications.ts';
import { pages } from './cases/pages.ts';
import { search } from './cases/search.ts';
import { start } from './cases/start.ts';
import { workers } from './cases/workers.ts';

/** In the order in which they are shown. */
export const cases: readonly BenchmarkCase[] = [
  capture,
  latency,
  idle,
  growth,
  start,
  fairness,
  workers,
  pages,
  notifications,
  search,
  board,
];
