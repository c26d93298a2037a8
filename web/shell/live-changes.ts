import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Change, concerns } from './change-concerns.ts';
import { ME } from './session.ts';

/** A burst of changes is read again at its beginning, and then this often at most, in milliseconds. */
const READ_AGAIN_EVERY_MS = 1_000;
/** A stream that the browser gave up (a refusal, a restart of the API) is opened anew after this. */
const OPEN_AGAIN_AFTER_MS = 3_000;
/** A tab that nobody sees gives its connection back: browsers have six for each server, over all tabs. */
const HIDDEN_FOR_MS = 10_000;

let isLive = false;

const POLL_EVERY_MS = 5_000;
/** A minute: in case that something went by untold. */
const ASSURE_EVERY_MS = 60_000;

/** How often a query is asked again by itself, in milliseconds: seldom while changes are told, else every few seconds. */
export function askAgainEvery(whileLiveMs = ASSURE_EVERY_MS): () => number {
  return () => (isLive ? whileLiveMs : POLL_EVERY_MS);
}

let openAgain: (() => void) | undefined;

/** Something else was not answered: opens the stream again, which says when Mailroom is back. */
export function doubtChanges(): void {
  openAgain?.();
}

/** Keeps what is shown as it is in Mailroom, whoever changes it: follows the stream of changes while it is mounted. */
export function useLiveChanges(): void {
  const queryClient = useQueryClient();
  useEffect(() => followChanges(queryClient), [queryClient]);
}

function followChanges(queryClient: QueryClient): () => void {
  let stream: EventSource | undefined;
  let reopening: ReturnType<typeof setTimeout> | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const readAgain = createGatherer(queryClient);

  function open(): void {
    clearTimeout(reopening);
    if (stream) return;
    const opened = new EventSource('/api/v1/changes');
    stream = opened;
    opened.addEventListener('ready', () => {
      isLive = true;
      // What changed while nobody told.
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'try' });
    });
    opened.addEventListener('changes', ({ data }: MessageEvent<string>) => readAgain(parseChanges(data)));
    opened.addEventListener('signed-out', () => {
      close();
      // The API has said it: nothing needs to be asked, and refused, to learn it again.
      queryClient.setQueryData(ME, null);
    });
    opened.addEventListener('error', () => {
      isLive = false;
      // The session may be what ended it.
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
    // One that is still being opened is answered as soon as there is somebody to do so.
    if (stream?.readyState !== EventSource.OPEN) return;
    close();
    open();
  };

  const onVisibility = () => {
    clearTimeout(hiding);
    if (document.visibilityState === 'visible') open();
    else hiding = setTimeout(close, HIDDEN_FOR_MS);
  };
  document.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    clearTimeout(hiding);
    openAgain = undefined;
    close();
  };
}

/** Invalidates what changes concern: at once, then gathered. */
function createGatherer(queryClient: QueryClient): (changes: readonly Change[]) => void {
  let gathered: Change[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    timer = gathered.length > 0 ? setTimeout(flush, READ_AGAIN_EVERY_MS) : undefined;
    const changes = gathered;
    gathered = [];
    if (changes.length === 0) return;
    void queryClient.invalidateQueries({
      predicate: ({ queryKey }) => changes.some((change) => concerns(change, queryKey)),
    });
  }

  return (changes) => {
    gathered.push(...changes);
    if (timer === undefined) flush();
  };
}

function parseChanges(data: string): readonly Change[] {
  try {
    return (JSON.parse(data) as { changes: readonly Change[] }).changes;
  } catch {
    return [];
  }
}
