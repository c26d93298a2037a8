import { ProblemError } from './problem-error.ts';

const AGAIN_AFTER_MS = 1_000;
/** A person who still waits then learns that it is not known what was done. */
const GIVEN_UP_AFTER_MS = 120_000;

/**
 * Repeats a command until there is an answer: one that is safe to repeat, and that must not wait for a second click,
 * such as the undo of a sending. For two minutes at most; rejects with the last ProblemError then, and with a refusal at
 * once.
 */
export async function untilAnswered<Answer>(command: () => Promise<Answer>): Promise<Answer> {
  for (const since = Date.now(); ; ) {
    try {
      return await command();
    } catch (error) {
      const isUnknown = error instanceof ProblemError && error.details.isOutcomeUnknown === true;
      if (!isUnknown || Date.now() - since > GIVEN_UP_AFTER_MS) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  }
}
