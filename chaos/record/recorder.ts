import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Operation, Suffered } from './operation.ts';

/** Records events in memory for the checker, and line by line in a file for people. */
export interface Recorder {
  readonly operations: readonly Operation[];
  readonly suffered: readonly Suffered[];
  operation(operation: Operation): void;
  harm(harm: Suffered): void;
  /** Anything else: a process that ended unexpectedly, a harm that could not be inflicted. */
  note(note: Readonly<Record<string, unknown>>): void;
  close(): Promise<void>;
}

/** Records to a file of JSON lines. */
export function createRecorder(path: string): Recorder {
  const operations: Operation[] = [];
  const suffered: Suffered[] = [];
  const file = createWriteStream(path);
  const write = (type: string, value: object) => file.write(`${JSON.stringify({ type, ...value })}\n`);
  return {
    operations,
    suffered,
    operation(operation) {
      operations.push(operation);
      write('operation', operation);
    },
    harm(harm) {
      suffered.push(harm);
      write('harm', harm);
    },
    note: (note) => void write('note', { at: Date.now(), ...note }),
    async close() {
      file.end();
      await finished(file);
    },
  };
}
