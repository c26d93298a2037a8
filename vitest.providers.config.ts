import { defineConfig } from 'vitest/config';

/** Identity providers that others wrote: `npm run providers`. They take minutes, so `npm test` leaves them out. */
export default defineConfig({
  test: {
    reporters: ['default', './test/support/last-line-reporter.ts'],
    pool: 'forks',
    maxWorkers: 1,
    include: ['test/providers/**/*.test.ts'],
    setupFiles: ['./test/support/no-leaks.ts'],
    globalSetup: [
      './test/support/postgres.global-setup.ts',
      './test/support/temporal.global-setup.ts',
      './test/support/workflow-bundle.global-setup.ts',
    ],
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
});
