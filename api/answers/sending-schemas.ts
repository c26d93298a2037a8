import { z } from 'zod';
import type { SendingOption } from '../../database/answers/sending-options.ts';
import { sendingReasons } from '../../domain/answer.ts';
import { sendingWords } from './sending-words.ts';

/** Whether a mailbox can send, and what is missing. */
export const SendingState = z
  .object({
    enabled: z.boolean().meta({ description: 'An administrator allows answers from this mailbox.' }),
    missing: z
      .enum(['installation', 'consent'])
      .nullable()
      .meta({
        description:
          '`installation`: the global properties do not allow sending. `consent`: the account has to sign in again, and ' +
          'consent to sending.',
      }),
    isPossible: z.boolean().meta({ description: 'An answer can be sent now.' }),
    reason: z.enum(sendingReasons).nullable().meta({ description: 'Why none can.' }),
    words: z.string().nullable(),
  })
  .meta({ id: 'SendingState' });

export function sendingAnswer(option: SendingOption): z.output<typeof SendingState> {
  const { isInstalled, isEnabled, isGranted, hindrance } = option;
  const missing = !isInstalled ? 'installation' : isEnabled && !isGranted ? 'consent' : null;
  return {
    enabled: isEnabled,
    missing,
    isPossible: hindrance === undefined,
    reason: hindrance ?? null,
    words: hindrance === undefined ? null : sendingWords(hindrance),
  };
}
