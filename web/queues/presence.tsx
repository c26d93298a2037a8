import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api, take } from '../api/client.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { listenForWriting } from './writing.ts';

const REPORT_EVERY_MS = 15_000;
/** A person who typed this recently is writing, in milliseconds. */
const WRITING_FOR_MS = 20_000;

/** Who else has the item open, and reports the same of the user. */
export function Presence({ itemId }: { readonly itemId: string }) {
  const { queues } = useWords();
  const { work } = useDeskWords();
  const mayWork = useMay('items.work');
  const params = { path: { id: itemId } };
  const typedAt = useRef(Number.NEGATIVE_INFINITY);
  const reported = useRef<'looking' | 'writing'>(undefined);
  const { data, refetch } = useQuery({
    queryKey: ['presence', itemId],
    queryFn: ({ signal }) => {
      const doing = performance.now() - typedAt.current < WRITING_FOR_MS ? 'writing' : 'looking';
      reported.current = doing;
      return take(api.POST('/api/v1/items/{id}/presence', { signal, params, body: { doing } }));
    },
    enabled: mayWork,
    refetchInterval: REPORT_EVERY_MS,
    retry: false,
  });
  useWriting(itemId, () => {
    typedAt.current = performance.now();
    // At once: a colleague may be about to begin as well.
    if (mayWork && reported.current === 'looking') {
      reported.current = 'writing';
      void refetch();
    }
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each item.
  useEffect(() => {
    if (!mayWork) return;
    const leave = () => void api.DELETE('/api/v1/items/{id}/presence', { params, keepalive: true }).catch(() => {});
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [itemId, mayWork]);
  return (
    <div aria-live="polite">
      {data?.others.map(({ by, name, doing }) => (
        <Text key={by} size="sm" c="dimmed">
          {doing === 'writing' ? work.writing(name ?? queues.somebody) : work.here(name ?? queues.somebody)}
        </Text>
      ))}
    </div>
  );
}

/** Calls when the user writes: in a field for colleagues or customers, or an answer that says so itself. */
function useWriting(itemId: string, onWriting: () => void): void {
  const newest = useRef(onWriting);
  newest.current = onWriting;
  useEffect(() => {
    const note = ({ target }: Event) => {
      if (target instanceof Element && target.closest('textarea, [contenteditable="true"]')) newest.current();
    };
    window.addEventListener('input', note, { capture: true });
    const stop = listenForWriting(itemId, () => newest.current());
    return () => {
      window.removeEventListener('input', note, { capture: true });
      stop();
    };
  }, [itemId]);
}
