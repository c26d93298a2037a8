import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { loadCode } from '../shell/load-code.ts';
import { useMay } from '../shell/session.ts';
import { availabilityQuery } from './availability-query.ts';

const OfferPanel = lazy(async () => ({
  default: (await loadCode(() => import('./offer-panel.tsx'))).OfferPanel,
}));
const AvailabilityControl = lazy(async () => ({
  default: (await loadCode(() => import('./availability-control.tsx'))).AvailabilityControl,
}));

/** Where no queue offers items to the user, nothing of it is loaded or shown. */
function useOffered() {
  const mayWork = useMay('items.work');
  const { data } = useQuery({ ...availabilityQuery, enabled: mayWork });
  return data?.isUsed ? data : undefined;
}

/** The place of what is offered to the user, on every page. */
export function OffersPlace() {
  const availability = useOffered();
  return <Suspense>{availability && <OfferPanel availability={availability} />}</Suspense>;
}

/** The place of the switch between available and away. `isShort`: without words why. */
export function AvailabilityPlace({ isShort = false }: { readonly isShort?: boolean }) {
  const availability = useOffered();
  return <Suspense>{availability && <AvailabilityControl availability={availability} isShort={isShort} />}</Suspense>;
}
