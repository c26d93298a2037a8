import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';

const refused = [
  ['domain/a.ts', '../database/queues.ts'],
  ['domain/b.ts', '../config/environment.ts'],
  ['encryption/a.ts', '../domain/failure.ts'],
  ['graph/client/middleware/a.ts', '../../../database/database.ts'],
  ['database/a.ts', '../graph/cloud.ts'],
  ['database/b.ts', '../config/environment.ts'],
  ['temporal/a.ts', '../database/database.ts'],
  ['temporal/b.ts', '../workflows/mailbox.ts'],
  ['workflows/a.ts', '../database/database.ts'],
  ['workflows/b.ts', '../activities/drain.ts'],
  ['workflows/c.ts', 'zod'],
  ['activities/a.ts', '../api/app.ts'],
  ['contract/a.ts', '../database/database.ts'],
  ['ingest/a.ts', '../activities/drain.ts'],
  ['ingest/b.ts', '../worker/reader.ts'],
  ['ingest/drain/a.ts', '@temporalio/activity'],
  ['activities/b.ts', '../workflows/mailbox.ts'],
  ['worker/a.ts', '../api/app.ts'],
  ['api/accounts/a.ts', '../../activities/drain.ts'],
  ['api/accounts/b.ts', '../../graph/mail/mailbox-client.ts'],
  ['api/accounts/c.ts', '../../graph/mail/delta-page.ts'],
  ['api/accounts/d.ts', '../../simulator/database.ts'],
  ['bench/a.ts', '../test/support/stack.ts'],
  ['worker/c.ts', '../chaos/network/tcp-proxy.ts'],
  ['chaos/a.ts', '../test/support/stack.ts'],
  ['simulator/a.ts', '../domain/failure.ts'],
  ['simulator/entra/a.ts', '../../domain/failure.ts'],
  ['simulator/entra/pages/a.ts', '../../../domain/failure.ts'],
  ['domain/words/a.ts', '../schedule.ts'],
  ['web/parts/a.tsx', '../../domain/schedule.ts'],
  ['api/d.ts', '../test/support/stack.ts'],
  ['newcomer/a.ts', '../domain/failure.ts'],
  ['domain/d.ts', 'node:fs'],
  ['workflows/e.ts', 'node:crypto'],
  ['api/e.ts', 'vite'],
  ['process/a.ts', 'undici'],
  ['graph/a-cycle.ts', './b-cycle.ts'],
] as const;

const allowed = [
  ['database/c.ts', '../domain/routing.ts'],
  ['database/migrate.ts', '../config/environment.ts'],
  ['temporal/c.ts', '../contract/mailbox.ts'],
  ['temporal/d.ts', '../contract/definitions.ts'],
  ['workflows/d.ts', '../contract/activities.ts'],
  ['activities/c.ts', '../ingest/drain/drain-mailbox.ts'],
  ['ingest/c.ts', '../graph/mail/mailbox-client.ts'],
  ['worker/b.ts', '../activities/create-activities.ts'],
  ['api/accounts/e.ts', '../../graph/entra/sign-in.ts'],
  ['simulator/entra/b.ts', '../stats.ts'],
  ['scripts/a.ts', '../simulator/entra/default-directory.ts'],
  ['bench/b.ts', '../scripts/embedded/ports.ts'],
  ['chaos/b.ts', '../bench/measure/percentiles.ts'],
  ['web/parts/b.tsx', '../../domain/words/shown-text.ts'],
  ['web/parts/d.ts', '../../domain/safe-file-name.ts'],
  ['web/parts/c.tsx', 'react'],
  ['workflows/f.ts', '@temporalio/workflow'],
  ['api/f.ts', 'fastify'],
  ['api/g.ts', 'node:fs'],
] as const;

const readsEnvironment = [
  ['api/env.ts', 'refused'],
  ['domain/env.ts', 'refused'],
  ['config/environment.ts', 'allowed'],
  ['scripts/env.ts', 'allowed'],
  ['bench/env.ts', 'allowed'],
  ['chaos/env.ts', 'allowed'],
] as const;

interface LintReport {
  readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[];
}

interface ArrowReport {
  readonly summary: { readonly violations: readonly { readonly from: string }[] };
}

const folder = mkdtempSync(join(tmpdir(), 'mailroom-arrows-'));
let wrongArrows: ReadonlySet<string>;
let environmentReaders: ReadonlySet<string>;

/** Checks all files at once, with the project's own configuration, in a folder that looks like the project. */
beforeAll(() => {
  for (const file of ['biome.json', '.gitignore', 'package.json', '.dependency-cruiser.mjs']) {
    copyFileSync(join(projectFolder, file), join(folder, file));
  }
  symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, from] of [...refused, ...allowed]) {
    if (from.startsWith('.')) write(join(dirname(path), from), 'export const something = 1;\n');
  }
  for (const [path, from] of [...refused, ...allowed]) {
    write(path, `import { something } from '${from}';\n\nexport const used = something;\n`);
  }
  write('graph/b-cycle.ts', "export { used as something } from './a-cycle.ts';\n");
  for (const [path] of readsEnvironment) write(path, 'export const home = process.env.HOME;\n');
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const cruised = folders.map(({ name }) => name).filter((name) => name !== 'test');
  const { summary } = run<ArrowReport>('depcruise', '--output-type', 'json', ...cruised);
  wrongArrows = new Set(summary.violations.map(({ from }) => from));
  const { diagnostics } = run<LintReport>('biome', 'lint', '--reporter=json', '--max-diagnostics=none', '.');
  const ofEnvironment = diagnostics.filter(({ category }) => category === 'lint/style/noProcessEnv');
  environmentReaders = new Set(ofEnvironment.map(({ location }) => location.path));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run<Report>(tool: string, ...args: string[]): Report {
  const { stdout } = spawnSync(join(projectFolder, 'node_modules/.bin', tool), args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  });
  return JSON.parse(stdout) as Report;
}

function write(path: string, content: string): void {
  mkdirSync(join(folder, dirname(path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

describe('the import arrows', () => {
  it.each(refused)('refuse %s ← %s', (path) => {
    expect(wrongArrows).toContain(path);
  });

  it.each(allowed)('allow %s ← %s', (path) => {
    expect(wrongArrows).not.toContain(path);
  });
});

describe('reading the environment', () => {
  it.each(readsEnvironment)('in %s is %s', (path, verdict) => {
    expect(environmentReaders.has(path)).toBe(verdict === 'refused');
  });
});
