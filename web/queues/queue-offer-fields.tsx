import '@mantine/core/styles/NumberInput.css';
import { Checkbox, NumberInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { Schemas } from '../api/client.ts';
import { useDeskWords } from '../shell/languages.tsx';

/** The numbers of the API; a test of the page compares them. */
const SECONDS = { least: 10, most: 300, usual: 30 } as const;

/** How a queue's items are offered to people, as a form holds it. */
export interface EnteredOffers {
  offersItems: boolean;
  offerSeconds: number | string;
  allowsClaims: boolean;
}

/** What a form begins with. */
export function enteredOffers(queue: Schemas['Queue'] | undefined): EnteredOffers {
  const offers = queue?.offers;
  return {
    offersItems: Boolean(offers),
    offerSeconds: offers?.timeoutSeconds ?? SECONDS.usual,
    allowsClaims: offers?.allowsClaims ?? true,
  };
}

/** What the API takes; null: its items are not offered. */
export function offersChange({ offersItems, offerSeconds, allowsClaims }: EnteredOffers) {
  return offersItems ? { timeoutSeconds: Number(offerSeconds), allowsClaims } : null;
}

interface QueueOfferFieldsProps {
  readonly form: Pick<UseFormReturnType<EnteredOffers>, 'values'>;
  readonly onChange: (change: Partial<EnteredOffers>) => void;
}

/** Fields for whether a queue's items are offered to people, and how. */
export function QueueOfferFields({ form: { values }, onChange }: QueueOfferFieldsProps) {
  const { offers: words } = useDeskWords();
  return (
    <>
      <Checkbox
        label={words.queueOffers}
        description={words.queueOffersHint}
        checked={values.offersItems}
        onChange={({ currentTarget }) => onChange({ offersItems: currentTarget.checked })}
      />
      {values.offersItems && (
        <>
          <NumberInput
            label={words.timeout}
            description={words.timeoutHint(SECONDS.least, SECONDS.most)}
            min={SECONDS.least}
            max={SECONDS.most}
            allowDecimal={false}
            clampBehavior="blur"
            value={values.offerSeconds}
            onChange={(offerSeconds) => onChange({ offerSeconds })}
          />
          <Checkbox
            label={words.allowsClaims}
            checked={values.allowsClaims}
            onChange={({ currentTarget }) => onChange({ allowsClaims: currentTarget.checked })}
          />
        </>
      )}
    </>
  );
}
