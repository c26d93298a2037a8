import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';

const refused = [
  ['domain/a.ts', '../database/queues.ts'],
  ['domain/b.ts', '../config/environment.ts'],
  ['encryption/a.ts', '../domain/failure.ts'],
  ['graph/middleware/a.ts', '../../database/database.ts'],
  ['database/a.ts', '../graph/cloud.ts'],
  ['database/b.ts', '../config/environment.ts'],
  ['temporal/a.ts', '../database/database.ts'],
  ['temporal/b.ts', '../workflows/mailbox.ts'],
  ['workflows/a.ts', '../database/database.ts'],
  ['workflows/b.ts', '../activities/drain.ts'],
  ['workflows/c.ts', 'zod'],
  ['activities/a.ts', '../api/app.ts'],
  ['activities/b.ts', '../workflows/mailbox.ts'],
  ['worker/a.ts', '../api/app.ts'],
  ['api/routes/a.ts', '../../activities/drain.ts'],
  ['api/routes/b.ts', '../../graph/mailbox-client.ts'],
  ['api/routes/c.ts', '../../graph/delta-page.ts'],
  ['api/routes/d.ts', '../../simulator/database.ts'],
  ['bench/a.ts', '../test/support/stack.ts'],
  ['worker/c.ts', '../chaos/network/tcp-proxy.ts'],
  ['chaos/a.ts', '../test/support/stack.ts'],
  ['simulator/a.ts', '../domain/failure.ts'],
  ['simulator/entra/a.ts', '../../domain/failure.ts'],
  ['simulator/entra/pages/a.ts', '../../../domain/failure.ts'],
] as const;

const allowed = [
  ['database/c.ts', '../domain/routing.ts'],
  ['database/migrate.ts', '../config/environment.ts'],
  ['temporal/c.ts', '../workflows/contract.ts'],
  ['temporal/d.ts', '../workflows/definitions.ts'],
  ['workflows/d.ts', '../activities/contract.ts'],
  ['activities/c.ts', '../graph/mailbox-client.ts'],
  ['worker/b.ts', '../activities/create-activities.ts'],
  ['api/routes/e.ts', '../../graph/sign-in.ts'],
  ['simulator/entra/b.ts', '../stats.ts'],
  ['scripts/a.ts', '../simulator/entra/default-directory.ts'],
  ['bench/b.ts', '../scripts/embedded/ports.ts'],
  ['chaos/b.ts', '../bench/measure/percentiles.ts'],
] as const;

const readsEnvironment = [
  ['api/env.ts', 'refused'],
  ['domain/env.ts', 'refused'],
  ['config/environment.ts', 'allowed'],
  ['scripts/env.ts', 'allowed'],
  ['bench/env.ts', 'allowed'],
  ['chaos/env.ts', 'allowed'],
] as const;

interface Report {
  readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[];
}

const folder = mkdtempSync(join(tmpdir(), 'mailroom-arrows-'));
let complaints: ReadonlySet<string>;

/** Lints all files at once, with the project's own configuration, in a folder that looks like the project. */
beforeAll(() => {
  for (const file of ['biome.json', '.gitignore']) copyFileSync(join(projectFolder, file), join(folder, file));
  for (const [path, from] of [...refused, ...allowed]) {
    write(path, `import { something } from '${from}';\n\nexport const used = something;\n`);
  }
  for (const [path] of readsEnvironment) write(path, 'export const home = process.env.HOME;\n');
  const biome = join(projectFolder, 'node_modules/.bin/biome');
  const { stdout } = spawnSync(biome, ['lint', '--reporter=json', '--max-diagnostics=none', '.'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const { diagnostics } = JSON.parse(stdout) as Report;
  complaints = new Set(diagnostics.map(({ category, location }) => `${location.path} ${category}`));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(join(folder, dirname(path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

describe('the import arrows', () => {
  it.each(refused)('refuse %s ← %s', (path) => {
    expect(complaints).toContain(`${path} lint/style/noRestrictedImports`);
  });

  it.each(allowed)('allow %s ← %s', (path) => {
    expect(complaints).not.toContain(`${path} lint/style/noRestrictedImports`);
  });
});

describe('reading the environment', () => {
  it.each(readsEnvironment)('in %s is %s', (path, verdict) => {
    expect(complaints.has(`${path} lint/style/noProcessEnv`)).toBe(verdict === 'refused');
  });
});
