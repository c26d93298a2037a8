import { setTimeout as sleep } from 'node:timers/promises';
import type { ActivitySlotInfo, CustomSlotSupplier } from '@temporalio/worker';

const ASKED_AGAIN_AFTER_MS = 200;

/**
 * Places for activities that hold shares: as many as `most` says at the moment, which changes when processes come and
 * go. A worker without a place does not ask Temporal for activities, so that the others get them.
 */
export function createPlacementSlots(most: () => number): CustomSlotSupplier<ActivitySlotInfo> {
  let used = 0;
  const reserve = () => {
    if (used >= most()) return null;
    used++;
    return {};
  };

  return {
    type: 'custom',
    async reserveSlot(_context, signal) {
      for (;;) {
        const permit = reserve();
        if (permit) return permit;
        // Any other error than this one is logged by the SDK, at every stop.
        await sleep(ASKED_AGAIN_AFTER_MS, undefined, { signal }).catch(() => Promise.reject(signal.reason));
      }
    },
    tryReserveSlot: reserve,
    markSlotUsed() {},
    releaseSlot() {
      used--;
    },
  };
}
