import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../simulator/main.ts', import.meta.url));
const address = 'sales@contoso.example';

describe('The simulator as a process', () => {
  let folder: string;
  const running: ChildProcess[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  });
  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    }
    await rm(folder, { recursive: true });
  });

  const start = async (port = 0): Promise<{ child: ChildProcess; url: string }> => {
    const args = [program, '--port', String(port), '--data', join(folder, 'simulator.db')];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    running.push(child);
    if (!child.stdout) throw new Error('No output');
    const lines = createInterface(child.stdout);
    for await (const line of lines) {
      const url = /Simulated Microsoft 365 on (http:\S+)/.exec(line)?.[1];
      if (url) return { child, url };
    }
    throw new Error('The simulator did not say where it is');
  };
  const stop = async (child: ChildProcess, how: () => void): Promise<number | null> => {
    const exited = once(child, 'exit');
    how();
    const [code] = await exited;
    return code;
  };
  const json = async (url: string, init: RequestInit = {}) => {
    const response = await fetch(url, init);
    return (await response.json()) as Record<string, never>;
  };
  const post = (body: object) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

  it('keeps mail, tokens, cursors and faults when it is killed', async () => {
    const first = await start();
    const mailbox = `/control/mailboxes/${address}/messages`;
    const one = await json(`${first.url}${mailbox}`, post({ subject: 'Before' }));
    const { access_token: token } = await json(`${first.url}/control/tokens`, post({ address }));
    const headers = { authorization: `Bearer ${token}` };
    const inbox = await json(`${first.url}/v1.0/me/mailFolders/inbox/messages/delta`, { headers });
    const deltaLink = String(inbox['@odata.deltaLink']);
    await json(`${first.url}/control/faults`, post({ kind: 'unavailable', endpoint: 'attachments' }));
    await json(`${first.url}${mailbox}`, post({ subject: 'Last words' }));
    await stop(first.child, () => first.child.kill('SIGKILL'));

    const second = await start(Number(new URL(first.url).port));
    const { value } = await json(deltaLink, { headers });
    expect(value).toMatchObject([{ subject: 'Last words' }]);
    const message = await fetch(`${second.url}/v1.0/me/messages/${one.id}`, { headers });
    expect(message.status).toBe(200);
    const attachments = await fetch(`${second.url}/v1.0/me/messages/${one.id}/attachments`, { headers });
    expect(attachments.status).toBe(503);
  });

  it('offers the 250 real mails of this clone, and no other file', async () => {
    const { url } = await start();
    const { mails } = await json(`${url}/control/mails`);
    expect(mails).toHaveLength(250);
    const mail = await fetch(`${url}/control/mails/cpython--msg_02`);
    expect(mail.headers.get('content-type')).toBe('message/rfc822');
    const bytes = Buffer.from(await mail.arrayBuffer());
    expect(bytes.equals(await readFile(new URL('../mail/cpython--msg_02.eml', import.meta.url)))).toBe(true);
    for (const name of ['nothing', '..%2Fmail%2Fcpython--msg_02', 'SOURCES']) {
      expect((await fetch(`${url}/control/mails/${name}`)).status).toBe(404);
    }
  });

  it('ends in order on SIGTERM, on SIGINT and when its parent is gone', async () => {
    for (const how of [
      (child: ChildProcess) => child.kill('SIGTERM'),
      (child: ChildProcess) => child.kill('SIGINT'),
      (child: ChildProcess) => child.disconnect(),
    ]) {
      const { child, url } = await start();
      // An open connection does not hold it.
      await fetch(`${url}/control/stats`);
      expect(await stop(child, () => how(child))).toBe(0);
    }
  });

  it('says in words that the port is taken', async () => {
    const { url } = await start();
    const child = spawn(process.execPath, [program, '--port', new URL(url).port], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running.push(child);
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(said).toContain('Another program has the port');
    expect(said).not.toContain('    at ');
  });
});
