import { z } from 'zod';
import type { Availability as AvailabilityView } from '../../database/offers/availability.ts';
import type { OpenOffer } from '../../database/offers/offers.ts';
import { availabilityStates, awayReasons } from '../../domain/offering.ts';
import { Stored } from '../http/stored.ts';
import { Id, Time } from '../http/values.ts';
import { Item, itemAnswer } from '../items/schemas.ts';

export const because = Stored(awayReasons)
  .nullable()
  .meta({
    description:
      'Why away. `chosen`: by choice. `missed`: an offer ended without an answer. `closed`: no page reported for two ' +
      'and a half minutes. `idle`: 15 minutes without a sign of the person. Null: available, or never chosen.',
  });

const Offer = z
  .object({ id: Id, item: Item, offeredAt: Time, expiresAt: Time })
  .meta({ id: 'Offer', description: 'An item that is offered to you: accept or decline it before it ends.' });

export const Availability = z
  .object({
    isUsed: z.boolean().meta({ description: 'False: no queue offers items to you, so that it makes no difference.' }),
    state: Stored(availabilityStates),
    because,
    since: Time.nullable().meta({ description: 'Null: never chosen.' }),
    capacity: z.int().meta({ description: 'How many items you have at a time before none is offered.' }),
    held: z.int().meta({ description: 'Items that you have claimed.' }),
    offers: z.array(Offer).meta({ description: 'What is offered to you now, the oldest first.' }),
  })
  .meta({ id: 'Availability' });

/** As it is shown. */
export function availabilityAnswer(
  availability: AvailabilityView,
  offers: readonly OpenOffer[],
): z.output<typeof Availability> {
  return { ...availability, offers: offers.map(({ item, ...offer }) => ({ ...offer, item: itemAnswer(item) })) };
}
