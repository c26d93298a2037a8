import { spawnSync } from 'node:child_process';
import type { ProcessOwner } from './process-owner.ts';

interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly owner?: ProcessOwner | undefined;
  readonly isNode?: boolean;
}

let setprivWorks: boolean | undefined;

/**
 * Turns a command into one that ends when this process does, also when this process is killed with SIGKILL.
 * A Node program of ours sees that its channel to us is closed, and ends in order. Of others, Linux takes care (`PR_SET_PDEATHSIG`, set by
 * util-linux' `setpriv`); without `setpriv` they are found in the process record and ended by the next start.
 */
export function endsWithParent({
  command,
  args,
  owner,
  isNode,
}: Command): Omit<Command, 'isNode'> & { args: string[] } {
  if (isNode) return { command, args: [...args], owner };
  setprivWorks ??= process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0;
  if (!setprivWorks) return { command, args: [...args], owner };
  const asOwner = owner && [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'];
  return { command: 'setpriv', args: [...(asOwner ?? []), '--pdeathsig', 'TERM', command, ...args] };
}
