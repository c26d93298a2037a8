import { setTimeout as sleep } from 'node:timers/promises';
import { lastComplaint, type ServerProcess } from './server-process.ts';

const ASK_EVERY_MS = 50;
const ANSWER_WITHIN_MS = 2_000;

export interface AnswerOptions {
  readonly accept: (status: number) => boolean;
  /** Time limit in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Polls a URL until a process answers there with an accepted status. Rejects when the process ends first, or on
 * timeout.
 */
export async function untilAnswers(url: string, server: ServerProcess, options: AnswerOptions): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  let last = 'it does not answer';
  while (performance.now() < deadline) {
    if (server.hasExited()) {
      await server.exited;
      throw new Error(lastComplaint(server.lastLines()) ?? 'It ended without a word');
    }
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS), redirect: 'manual' });
      const body = await response.text();
      if (options.accept(response.status)) return;
      last = `it answers ${response.status} ${body.slice(0, 300)}`;
    } catch {
      // Not yet.
    }
    await sleep(ASK_EVERY_MS);
  }
  throw new Error(`Not ready after ${options.timeoutMs / 1_000} s: ${last}`);
}
