import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Change } from './change-concerns.ts';
import { gatherChanges } from './gather-changes.ts';
import { ME } from './session.ts';

/** A stream that the browser gave up (after a refusal or a restart of the API) is reopened after this. */
const OPEN_AGAIN_AFTER_MS = 3_000;
/** A hidden tab closes its connection: browsers allow six per server, over all tabs. */
const HIDDEN_FOR_MS = 10_000;

let isLive = false;

const POLL_EVERY_MS = 5_000;
/** A minute: in case a change was missed. */
const ASSURE_EVERY_MS = 60_000;

/** How often a query is repeated, in milliseconds: rarely while the stream is open, otherwise every few seconds. */
export function askAgainEvery(whileLiveMs = ASSURE_EVERY_MS): () => number {
  return () => (isLive ? whileLiveMs : POLL_EVERY_MS);
}

let openAgain: (() => void) | undefined;
/** Whether this tab keeps its stream although it is hidden; to be looked at again when that changes. */
let staysLive = false;
let lookAgain: (() => void) | undefined;

/**
 * Keeps the stream of changes open while the page is hidden, in one tab of the browser: it allows six connections to a
 * server. Without locks (on a page that is not secure) hidden tabs ask now and then. Returns a function that ends it.
 */
export function stayLiveWhileHidden(): () => void {
  const ended = new AbortController();
  const { locks } = navigator as { locks?: LockManager };
  const stay = () =>
    new Promise<void>((resolve) => {
      staysLive = true;
      lookAgain?.();
      ended.signal.addEventListener('abort', () => resolve());
    });
  // Rejected when it is ended before its turn.
  void locks?.request('mailroom-live', { signal: ended.signal }, stay).catch(() => {});
  return () => {
    staysLive = false;
    ended.abort();
    lookAgain?.();
  };
}

/** Another request got no answer: reopens the stream, which shows when Mailroom is back. */
export function doubtChanges(): void {
  openAgain?.();
}

/** Keeps the displayed data current: follows the stream of changes while mounted. */
export function useLiveChanges(): void {
  const queryClient = useQueryClient();
  useEffect(() => followChanges(queryClient), [queryClient]);
}

function followChanges(queryClient: QueryClient): () => void {
  let stream: EventSource | undefined;
  let reopening: ReturnType<typeof setTimeout> | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const readAgain = gatherChanges(queryClient);

  function open(): void {
    clearTimeout(reopening);
    if (stream) return;
    const opened = new EventSource('/api/v1/changes');
    stream = opened;
    opened.addEventListener('ready', () => {
      isLive = true;
      // Re-reads what changed while the stream was closed.
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'try' });
    });
    opened.addEventListener('changes', ({ data }: MessageEvent<string>) => readAgain(parseChanges(data)));
    opened.addEventListener('signed-out', () => {
      close();
      // The API reported the end of the session: no request has to be refused to learn it.
      queryClient.setQueryData(ME, null);
    });
    opened.addEventListener('error', () => {
      isLive = false;
      // The end of the session may have ended the stream.
      void queryClient.invalidateQueries({ queryKey: ME });
      if (opened.readyState !== EventSource.CLOSED) return;
      close();
      reopening = setTimeout(open, OPEN_AGAIN_AFTER_MS);
    });
  }

  function close(): void {
    clearTimeout(reopening);
    stream?.close();
    stream = undefined;
    isLive = false;
  }

  openAgain = () => {
    // A stream that is still opening is answered as soon as the server can.
    if (stream?.readyState !== EventSource.OPEN) return;
    close();
    open();
  };

  const onVisibility = () => {
    clearTimeout(hiding);
    if (document.visibilityState === 'visible' || staysLive) open();
    else hiding = setTimeout(close, HIDDEN_FOR_MS);
  };
  // A stream over a network that went away seems open for minutes.
  const onOnline = () => openAgain?.();
  addEventListener('online', onOnline);
  document.addEventListener('visibilitychange', onVisibility);
  lookAgain = onVisibility;
  onVisibility();
  return () => {
    removeEventListener('online', onOnline);
    document.removeEventListener('visibilitychange', onVisibility);
    clearTimeout(hiding);
    openAgain = undefined;
    lookAgain = undefined;
    close();
  };
}

function parseChanges(data: string): readonly Change[] {
  try {
    return (JSON.parse(data) as { changes: readonly Change[] }).changes;
  } catch {
    return [];
  }
}
