import { Context } from '@temporalio/activity';
import { sendAnswer } from '../ingest/answers/send-answer.ts';
import type { Dependencies } from '../ingest/dependencies.ts';

/** One attempt to send an answer, as an activity. */
export function createSendAnswer(dependencies: Dependencies) {
  return (answerId: string) => {
    const context = Context.current();
    return sendAnswer(dependencies, answerId, {
      signal: context.cancellationSignal,
      heartbeat: () => context.heartbeat(),
    });
  };
}
