import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { AVAILABILITY, type Availability } from './availability-query.ts';

/** Makes the user available or away. */
export function useChooseAvailability() {
  const { offers: words } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (state: 'available' | 'away') => take(api.PUT('/api/v1/me/availability', { body: { state } })),
    onSuccess: (availability: Availability) => {
      queryClient.setQueryData(AVAILABILITY, availability);
      announce(availability.state === 'available' ? words.becameAvailable : words.wentAway);
    },
    onError: () => void queryClient.invalidateQueries({ queryKey: AVAILABILITY }),
  });
}
