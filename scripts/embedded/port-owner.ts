import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * The process that listens on a port, such as `node server.js (process 4711)`; undefined when the system does not show
 * it.
 */
export function findPortOwner(port: number): string | undefined {
  const pid = process.platform === 'linux' ? ownerOnLinux(port) : ownerByLsof(port);
  if (pid === undefined) return undefined;
  return `${commandOf(pid)} (process ${pid})`;
}

function ownerOnLinux(port: number): number | undefined {
  const sockets = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningSockets(table, port)));
  if (sockets.size === 0) return undefined;
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const folder = `/proc/${entry}/fd`;
      if (readdirSync(folder).some((fd) => sockets.has(linkTarget(`${folder}/${fd}`)))) return Number(entry);
    } catch {
      // A process of another user, or one that just ended.
    }
  }
  return undefined;
}

/** Link targets of the descriptors of sockets that listen (state 0A) on a port, from one of the kernel's tables. */
function listeningSockets(table: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  try {
    return readFileSync(table, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1]?.endsWith(`:${hex}`) && fields[3] === '0A')
      .map((fields) => `socket:[${fields[9]}]`);
  } catch {
    return [];
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function commandOf(pid: number): string {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || 'a program';
  }
  try {
    return (
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean).slice(0, 3).join(' ') || 'a program'
    );
  } catch {
    return 'a program';
  }
}

function ownerByLsof(port: number): number | undefined {
  const { stdout } = spawnSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], { encoding: 'utf8' });
  return Number(stdout?.split('\n')[0]) || undefined;
}
