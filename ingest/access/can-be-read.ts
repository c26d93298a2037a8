import { isFailure } from '../../domain/failure.ts';
import { UnexpectedAnswer } from '../../graph/client/unexpected-answer.ts';

/** Whether Microsoft answers this request for the mailbox, whatever it refused before. Throws errors of our own side. */
export async function canBeRead(request: () => Promise<void>): Promise<boolean> {
  try {
    await request();
    return true;
  } catch (error) {
    if (isFailure(error) || error instanceof UnexpectedAnswer) return false;
    throw error;
  }
}
