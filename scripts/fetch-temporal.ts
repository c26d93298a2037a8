import { createProgress } from './embedded/progress.ts';
import { findTemporalBinary } from './embedded/temporal-binary.ts';

const progress = createProgress();
try {
  await progress.step(
    () => findTemporalBinary(progress.tell),
    (path) => `Temporal CLI: ${path}`,
  );
} catch (error) {
  progress.fail(error);
  process.exitCode = 1;
}
