/** The workflow that sends one answer: names and types, no behaviour. The strings are wire format. */

export const ANSWER_WORKFLOW = 'answer';

/** One workflow for each answer that is to be sent. */
export function answerWorkflowId(answerId: string): string {
  return `answer-${answerId}`;
}

/** The id alone: the row holds everything else. */
export interface AnswerInput {
  readonly answerId: string;
  /** Milliseconds until it is worth looking at the row. */
  readonly waitMs: number;
}

/** What a client starts: the type alone, because clients must not load the workflow's code. */
export type AnswerWorkflow = (input: AnswerInput) => Promise<void>;

/** What became of an attempt to send. */
export interface SendingReport {
  /** Milliseconds until the next attempt; null: nothing is left to do. */
  readonly nextInMs: number | null;
}

/** Activities of the answer workflow. Each is safe to repeat. */
export interface AnswerActivities {
  sendAnswer(answerId: string): Promise<SendingReport>;
}
