import { notifyManager, useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import { Notice } from '../parts/notice.tsx';
import { findOutage, type Outage } from './find-outage.ts';
import { useWords } from './languages.tsx';
import { ME } from './session.ts';

/** Shows that the displayed data may be out of date, while Mailroom does not answer. */
export function OutageNotice() {
  const { common } = useWords();
  const outage = useOutage();
  if (outage === undefined) return null;
  return (
    <div className="outage">
      <Notice tone="bad" urgent>
        {common[outage]} {common.stale}
      </Notice>
    </div>
  );
}

function useOutage(): Outage | undefined {
  const cache = useQueryClient().getQueryCache();
  const subscribe = useCallback((listener: () => void) => cache.subscribe(notifyManager.batchCalls(listener)), [cache]);
  return useSyncExternalStore(subscribe, () => findOutage(cache, ME[0]));
}
