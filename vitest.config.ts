import { defineConfig } from 'vitest/config';
import { compileCache } from './scripts/embedded/compile-cache.ts';

const chromium = './test/support/chromium.global-setup.ts';
const postgres = './test/support/postgres.global-setup.ts';
const temporal = './test/support/temporal.global-setup.ts';
const web = './test/support/web.global-setup.ts';
const workflowBundle = './test/support/workflow-bundle.global-setup.ts';

/**
 * Folders under test/ that need servers. Every other folder belongs to the project `unit`. The time limits are for a
 * machine that is busy with other things: a test that hangs costs half a minute once, one that fails by chance costs
 * trust. Of files with whole stacks, those that mostly wait run two at once; faults are timed, and pages fill both cores.
 */
const suites = [
  { name: 'simulator', order: 0, filesAtOnce: 2, timeoutSeconds: 30, globalSetup: [] },
  { name: 'database', order: 0, filesAtOnce: 2, timeoutSeconds: 30, globalSetup: [postgres] },
  { name: 'activities', order: 0, filesAtOnce: 2, timeoutSeconds: 30, globalSetup: [postgres] },
  { name: 'workflow', order: 1, filesAtOnce: 2, timeoutSeconds: 30, globalSetup: [postgres, temporal, workflowBundle] },
  { name: 'api', order: 1, filesAtOnce: 2, timeoutSeconds: 30, globalSetup: [postgres, temporal, workflowBundle] },
  { name: 'end-to-end', order: 2, filesAtOnce: 2, timeoutSeconds: 120, globalSetup: [postgres, temporal] },
  { name: 'faults', order: 3, filesAtOnce: 1, timeoutSeconds: 300, globalSetup: [postgres, temporal] },
  { name: 'scripts', order: 4, filesAtOnce: 1, timeoutSeconds: 120, globalSetup: [] },
  { name: 'browser', order: 5, filesAtOnce: 1, timeoutSeconds: 60, globalSetup: [chromium, postgres, temporal, web] },
];

// Test files, each in a process of its own, and the programs that they start load the same packages.
Object.assign(process.env, compileCache);

export default defineConfig({
  test: {
    reporters: ['default', './test/support/last-line-reporter.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // As long as `eventually`: a machine that others share stands still for seconds.
    expect: { poll: { timeout: 5_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          // Providers of others have a configuration of their own (`npm run providers`).
          exclude: [...suites.map(({ name }) => `test/${name}/**`), 'test/providers/**'],
          setupFiles: ['./test/support/no-leaks.ts'],
          // Longer than `eventually` waits, so that its error tells what did not become true.
          testTimeout: 20_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      ...suites.map(({ name, order, filesAtOnce, timeoutSeconds, globalSetup }) => ({
        extends: true as const,
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          setupFiles: ['./test/support/no-leaks.ts'],
          globalSetup,
          testTimeout: timeoutSeconds * 1_000,
          hookTimeout: Math.max(30, timeoutSeconds) * 1_000,
          maxWorkers: filesAtOnce,
          sequence: { groupOrder: order },
        },
      })),
    ],
  },
});
