import { writeSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Ends the output with `N passed, N failed`, alone on the last line, for machines to read. */
export default class LastLineReporter implements Reporter {
  #line: string | undefined;

  constructor() {
    // At the very end, after vitest's own summary and the global tear-down. A run that did not even start has failed.
    process.once('exit', () => writeSync(1, `${this.#line ?? '0 passed, 1 failed'}\n`));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      let failedInModule = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') failedInModule += 1;
      }
      // A file that cannot be loaded, or whose hooks fail, has no failed test to count.
      failed += failedInModule || (module.state() === 'failed' ? 1 : 0);
    }
    this.#line = `${passed} passed, ${failed} failed`;
  }
}
