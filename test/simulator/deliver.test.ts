import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningGraph, startGraph } from './start-graph.ts';

const script = fileURLToPath(new URL('../../scripts/deliver.ts', import.meta.url));
const mail = fileURLToPath(new URL('../mail', import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function deliver(...args: string[]): Promise<Ended> {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [script, ...args])) };
  } catch (error) {
    return error as Ended;
  }
}

describe('npm run deliver', () => {
  let running: RunningGraph;
  beforeAll(async () => {
    running = await startGraph();
  });
  afterAll(() => running.close());

  it('sends files, folders and patterns, and deals them out', async () => {
    const { code, stdout } = await deliver(
      `${mail}/cpython--*.eml`,
      ...['--to', 'a@contoso.example', '--to', 'b@contoso.example', '--simulator', running.url],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('9 mails delivered to a@contoso.example');
    expect(stdout).toContain('8 mails delivered to b@contoso.example');
    expect(stdout).toMatch(/17 mails in [\d.]+ s\n$/);
    const { mailboxes } = await running.control('GET', '/mailboxes');
    expect(mailboxes.map((each: { messages: number }) => each.messages)).toEqual([9, 8]);
  });

  it('says in words what is wrong', async () => {
    const to = ['--to', 'a@contoso.example'];
    expect((await deliver('nowhere.eml', ...to)).stderr).toContain('There is no file nowhere.eml.');
    expect((await deliver(mail)).stderr).toContain('Give --to ADDRESS');
    expect((await deliver(mail, ...to, '--simulator', 'http://127.0.0.1:1')).stderr).toContain('No simulator answers');
    const refused = await deliver(`${mail}/cpython--msg_02.eml`, '--to', 'nobody', '--simulator', running.url);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('"nobody" is not an e-mail address')]);
  });
});
