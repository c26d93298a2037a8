import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

/** The commands of the README as they stand, at the addresses of this test's Mailroom. */
function transcript(): string {
  const readme = readFileSync(join(projectFolder, 'README.md'), 'utf8');
  const [, commands = ''] = /```bash\n([\s\S]*?)```/.exec(readme) ?? [];
  const addresses = 'MAILROOM=http://localhost:3000 SIMULATOR=http://localhost:4000';
  expect(commands).toContain(addresses);
  return commands.replace(addresses, `MAILROOM=${stack.mailroom.url} SIMULATOR=${stack.simulatorUrl}`);
}

describe('the transcript of the README', () => {
  it('works as it stands', async () => {
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', transcript()], {
      cwd: projectFolder,
      env: stack.environment,
      timeout: 90_000,
    });
    expect(stdout).toContain('help@contoso.example is connected');
    expect(stdout).toContain('shop@contoso.example is connected');
    expect(stdout).toMatch(/"works":true/);
    expect(stdout).toMatch(/"name":"Refunds".*"waiting":10/);
    expect(stdout).toMatch(/^Disabled$/m);
    expect(stdout).toMatch(/Rule 1 matched/);
    expect(stdout).toMatch(/^completed$/m);
    expect(stdout).toMatch(/help@contoso\.example is removed/);
    expect(await stack.db.selectFrom('messages').select('id').execute()).toHaveLength(21);
  });
});
