import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handleOf } from '../../scripts/embedded/folder-handle.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { postgresOwner } from '../../scripts/embedded/postgres-owner.ts';
import { startServerProcess } from '../../scripts/embedded/server-process.ts';

export const hasPgBouncer = spawnSync('pgbouncer', ['--version']).status === 0;

export interface PgBouncer {
  /** Of a PostgreSQL URL, the one by which PgBouncer leads there. */
  urlOf(url: string): string;
  stop(): Promise<void>;
}

/** Starts PgBouncer before the tests' PostgreSQL, as Debian configures it but for the mode. */
export async function startPgBouncer(
  serverUrl: string,
  mode: 'session' | 'transaction' | 'statement',
): Promise<PgBouncer> {
  const { hostname, port: serverPort, username, password } = new URL(serverUrl);
  const [port = 0] = await freePorts(1);
  const home = mkdtempSync(join(tmpdir(), 'mailroom-pgbouncer-'));
  const folder = join(home, 'pgbouncer');
  mkdirSync(folder, { mode: 0o700 });
  // Root's PgBouncer refuses to run, as PostgreSQL does.
  const owner = postgresOwner(folder);
  const handle = handleOf(folder, owner);
  const files = {
    'users.txt': `"${username}" "${decodeURIComponent(password)}"\n`,
    'pgbouncer.ini': [
      '[databases]',
      `* = host=${hostname} port=${serverPort}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = scram-sha-256',
      `auth_file = ${handle.path}/users.txt`,
      `pool_mode = ${mode}`,
      '',
    ].join('\n'),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o600 });
  if (owner) {
    for (const path of ['', ...Object.keys(files)]) chownSync(join(folder, path), owner.uid, owner.gid);
  }
  const server = await startServerProcess({
    name: 'PgBouncer',
    command: 'pgbouncer',
    args: [`${handle.path}/pgbouncer.ini`],
    cwd: handle.cwd,
    owner,
  });
  await server.untilLine(/process up/);
  return {
    urlOf(url) {
      const through = new URL(url);
      through.port = String(port);
      return through.href;
    },
    async stop() {
      await server.stop({ signal: 'SIGINT' });
      rmSync(home, { recursive: true, force: true });
    },
  };
}
