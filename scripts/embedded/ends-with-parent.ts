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
 * Turns a command into one that ends with this process, even when this process is killed with SIGKILL. Our Node
 * programs see their channel to this process close, and end gracefully. For other programs, Linux does it
 * (`PR_SET_PDEATHSIG`, set by util-linux' `setpriv`); without `setpriv`, the next start finds them in the process
 * record and ends them.
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
