import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findTemporalBinary } from '../../scripts/embedded/temporal-binary.ts';
import type { TestNamespace } from './test-temporal.ts';

/** Runs `temporal …` as an operator would; what it prints. Rejects when it fails. */
export async function temporalCommand({ address, namespace }: TestNamespace, ...args: string[]): Promise<string> {
  const where = ['--address', address, '--namespace', namespace];
  const { stdout } = await promisify(execFile)(await findTemporalBinary(), [...args, ...where]);
  return stdout;
}
