import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../../database/database.ts';
import { listUsers } from '../../database/people/users.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import { anAccount } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { createTestDatabase } from '../support/test-database.ts';
import { createTestNamespace } from '../support/test-temporal.ts';

const ENCRYPTION_KEYS = `k1:${randomBytes(32).toString('base64')}`;
/** Control characters, and those that turn the direction of writing. */
const TERMINAL_OBEYS = /[^\P{Cc}\n]|[\u202a-\u202e]/u;
const NOWHERE = 'postgres://mailroom:secret@127.0.0.1:9/mailroom';

let port: number;
beforeAll(async () => {
  [port = 0] = await freePorts(1);
});

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** A process of ours in its own environment, and what it wrote. */
function run(program: string, args: readonly string[], env: Record<string, string>, ipc = false) {
  const child = spawn(process.execPath, [join(projectFolder, program), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
  });
  children.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output.stderr += chunk;
  });
  // Not the event `close`: with a channel that we end ourselves it does not come.
  const streams = [child.stdout, child.stderr].map((stream) => stream && once(stream, 'close'));
  const exited = once(child, 'exit').then(async ([code]) => {
    await Promise.all(streams);
    return code as number | null;
  });
  return { child, output, exited };
}

const startApi = (env: Record<string, string> = {}, ipc = false) =>
  run(
    'api/main.ts',
    [],
    { DATABASE_URL: NOWHERE, ENCRYPTION_KEYS, API_PORT: String(port), TEMPORAL_ADDRESS: '127.0.0.1:9', ...env },
    ipc,
  );
const ready = async () => {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  return { status: response.status, json: (await response.json()) as { detail: string; ready: boolean } };
};
/** A process takes a second to start, and many on a busy machine. */
const answers = () => eventually(ready, { timeoutMs: 25_000 });

/** A connection that can be cut: what arrives at `port` goes to the server on the port `to`. */
async function forward({ port: from, to }: { readonly port: number; readonly to: number }) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket.on('error', () => {}).on('close', () => [near, far].map((end) => end.destroy())));
    }
    near.pipe(far).pipe(near);
  });
  server.listen(from, '127.0.0.1');
  await once(server, 'listening');
  return {
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

describe('the API as a process', () => {
  it('tells everything that is wrong with its configuration, and ends', async () => {
    const { output, exited } = run('api/main.ts', [], { API_PORT: 'x', LOG_LEVEL: 'loud' });
    expect(await exited).toBe(1);
    expect(output.stderr).toMatch(/^The configuration has \d problems:/);
    for (const name of ['API_PORT', 'LOG_LEVEL', 'DATABASE_URL', 'ENCRYPTION_KEYS'])
      expect(output.stderr).toContain(name);
    expect(output.stderr).not.toMatch(/^\s+at /m);
  });

  it('says in one line that its port is taken', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const { output, exited } = startApi();
    expect(await exited).toBe(1);
    expect(output.stderr.trim()).toBe(
      `Port ${port} on 127.0.0.1 is taken. End the other program, or set API_PORT to another port.`,
    );
    other.close();
    await once(other, 'close');
  });

  it('does not start with a key that is not the one that encrypted what is stored, and names it in one line', async () => {
    const database = await createTestDatabase();
    const right = startApi({ DATABASE_URL: database.url });
    await eventually(async () => expect((await ready()).status).toBe(200), { timeoutMs: 15_000 });
    right.child.kill('SIGTERM');
    await right.exited;
    const wrong = startApi({
      DATABASE_URL: database.url,
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    });
    expect(await wrong.exited).toBe(1);
    expect(wrong.output.stderr.trim()).toMatch(/^ENCRYPTION_KEYS: the key "k1" is not the one that encrypted .*\.$/);
    await database.drop();
  });

  it('starts without PostgreSQL and Temporal, says so, and ends when it is asked', async () => {
    const { child, output, exited } = startApi();
    expect(await answers()).toMatchObject({
      status: 503,
      json: {
        database: 'down',
        temporal: 'down',
        detail: expect.stringContaining('PostgreSQL and the Temporal server'),
      },
    });
    const refused = await fetch(`http://127.0.0.1:${port}/api/v1/email/accounts`);
    expect(refused.status).toBe(401);
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(output.stdout).toContain('api.stopped');
    expect(output.stdout + output.stderr).not.toContain('secret');
  });

  it('recovers by itself when they come and go, and adds the first administrator', async () => {
    const database = await createTestDatabase();
    const { namespace } = await createTestNamespace();
    const [postgresPort = 0, temporalPort = 0] = await freePorts(2);
    const url = new URL(database.url);
    const links = [
      { port: postgresPort, to: Number(url.port) },
      { port: temporalPort, to: Number(inject('temporalAddress').split(':')[1]) },
    ];
    url.port = String(postgresPort);
    const { child, exited } = startApi(
      {
        DATABASE_URL: url.href,
        TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
        TEMPORAL_NAMESPACE: namespace,
        FIRST_ADMINISTRATOR: 'First@contoso.example',
      },
      true,
    );
    const eventuallyReady = (isReady: boolean) =>
      eventually(async () => expect((await ready()).json.ready).toBe(isReady), { timeoutMs: 15_000 });
    await eventuallyReady(false);
    for (let round = 0; round < 2; round++) {
      const open = await Promise.all(links.map(forward));
      await eventuallyReady(true);
      if (round === 1) {
        const db = openDatabase({ url: database.url, poolSize: 1, applicationName: 'test' });
        await eventually(async () =>
          expect(await listUsers(db)).toMatchObject([
            { email: 'first@contoso.example', profile: 'Admin', enabled: true },
          ]),
        );
        await db.destroy();
      }
      await Promise.all(open.map((link) => link.close()));
      await eventuallyReady(false);
    }
    child.disconnect();
    expect(await exited).toBe(0);
    await database.drop();
  });
});

describe('the command line', () => {
  it('makes a key, alone on stdout, that works; lists it without showing it; and revokes it', async () => {
    const database = await createTestDatabase();
    const env = { DATABASE_URL: database.url };
    const command = async (...args: string[]) => {
      const { output, exited } = run('scripts/mailroom.ts', args, env);
      return { code: await exited, ...output };
    };
    const made = await command('api-key', 'create', '--name', 'ci', '--profile', 'Agent');
    expect(made.stdout).toMatch(/^mailroom_[0-9A-Za-z]{33}_[0-9A-Za-z]{6}\n$/);
    const key = made.stdout.trim();

    startApi({ ...env, ENCRYPTION_KEYS });
    await answers();
    const me = () => fetch(`http://127.0.0.1:${port}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } });
    expect(await (await me()).json()).toMatchObject({ kind: 'key', name: 'ci', profile: 'Agent' });

    expect(await command('api-key', 'create', '--name', 'ci', '--profile', 'Agent', '--if-missing')).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(await command('api-key', 'create', '--name', 'ci', '--profile', 'Agent')).toMatchObject({
      code: 1,
      stdout: '',
    });
    const list = await command('api-key', 'list');
    expect(list.stdout).toMatch(new RegExp(`ci\\s+Agent\\s+${key.slice(-4)}`));
    expect(list.stdout).not.toContain(key);
    const db = openDatabase({ url: database.url, poolSize: 1, applicationName: 'test' });
    const id = await anAccount(db, { address: 'support@contoso.example' });
    await db.destroy();
    expect(await command('workflow', 'Support@contoso.example')).toMatchObject({ code: 0, stdout: `mailbox-${id}\n` });
    expect((await command('workflow', 'sales@contoso.example')).stderr).toContain('No account is connected for');
    expect((await command('api-key', 'revoke', '--name', 'ci')).code).toBe(0);
    expect((await me()).status).toBe(401);

    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map((child) => (child.exitCode === null ? once(child, 'exit') : undefined)));
    await database.drop();
    // A dozen processes, one after the other.
  }, 90_000);

  it('says in words what is wrong', async () => {
    for (const [args, words] of [
      [['api-key', 'create', '--name', 'x', '--profile', 'Boss'], 'Allowed choices are Admin, Supervisor, Agent'],
      [['user', 'add', '--email', 'nobody', '--profile', 'Admin'], 'It is not an e-mail address'],
      [['api-key', 'create', '--name', ' ', '--profile', 'Agent'], 'must not be empty'],
      [['api-key', 'create', '--name', 'a\u001b[31m', '--profile', 'Agent'], 'must not contain control characters'],
      [
        ['user', 'add', '--email', 'ann@contoso.example', '--profile', 'Agent', '--name', 'x'.repeat(201)],
        'must have at most 200 characters',
      ],
      [['user', 'list'], 'The database does not answer'],
    ] as const) {
      const { output, exited } = run('scripts/mailroom.ts', args, { DATABASE_URL: NOWHERE });
      expect(await exited).toBe(1);
      expect(output.stderr).toContain(words);
      expect(output.stderr).not.toMatch(/^\s+at /m);
    }
  });

  it('repeats no argument in a way that a terminal obeys', async () => {
    const hostile = 'a\u001b]0;b\u0007\u202e\u009b';
    for (const [program, args] of [
      ['scripts/mailroom.ts', ['items', 'show', hostile]],
      ['scripts/mailroom.ts', [hostile]],
      ['scripts/mailroom.ts', ['accounts', 'list']],
      ['scripts/deliver.ts', [`${hostile}.eml`, '--to', 'support@contoso.example']],
      ['scripts/deliver.ts', [`--${hostile}`]],
    ] as const) {
      const { output, exited } = run(program, args, { DATABASE_URL: `postgres://127.0.0.1:9/${encodeURI(hostile)}` });
      expect(await exited).toBeGreaterThan(0);
      expect(output.stderr).not.toBe('');
      expect(output.stderr).not.toMatch(TERMINAL_OBEYS);
    }
  });

  it('ends without a stack when its reader ends first, and says when its output cannot be written', async () => {
    const script = join(projectFolder, 'scripts/mailroom.ts');
    const make = [process.execPath, script, 'keys', 'make', '--id', 'k2'];
    for (const [redirection, code, words] of [
      ['| true', 0, ''],
      ['--help | true', 0, ''],
      ['> /dev/full', 4, 'The output could not be written (ENOSPC)'],
    ] as const) {
      const shell = spawn('bash', ['-c', `set -o pipefail; "$@" ${redirection}`, 'bash', ...make]);
      children.push(shell);
      const [stderr, [exitCode]] = await Promise.all([text(shell.stderr), once(shell, 'exit')]);
      expect(exitCode, redirection).toBe(code);
      expect(stderr).toContain(words);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
  });
});
