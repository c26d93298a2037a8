import { useState } from 'react';
import type { Schemas } from '../api/client.ts';

/** The queue that an item was in when its page opened: the person goes on there, also when the item was moved away. */
export function useDesk({ queue }: Schemas['ItemWithMessage']): Schemas['QueueRef'] | null {
  const [desk] = useState(queue);
  return desk;
}
