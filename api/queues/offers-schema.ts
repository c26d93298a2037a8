import { z } from 'zod';
import { DEFAULT_OFFER_SECONDS, LONGEST_OFFER_SECONDS, SHORTEST_OFFER_SECONDS } from '../../domain/offering.ts';

const timeoutSeconds = 'After this, an offer goes on to the next person, and who did not answer is set away.';
const allowsClaims = 'Agents may also claim its items by hand. Otherwise they get only what they are offered.';

/** How the items of a queue are offered to persons, as it is shown. */
export const QueueOffers = z
  .object({
    timeoutSeconds: z.int().meta({ description: timeoutSeconds }),
    allowsClaims: z.boolean().meta({ description: allowsClaims }),
  })
  .meta({ id: 'QueueOffers' });

export const QueueOffersChange = z
  .strictObject({
    timeoutSeconds: z
      .int()
      .min(SHORTEST_OFFER_SECONDS)
      .max(LONGEST_OFFER_SECONDS)
      .default(DEFAULT_OFFER_SECONDS)
      .meta({ description: timeoutSeconds }),
    allowsClaims: z.boolean().default(true).meta({ description: allowsClaims }),
  })
  .meta({ id: 'QueueOffersChange', examples: [{ timeoutSeconds: DEFAULT_OFFER_SECONDS, allowsClaims: true }] });
