import { useSyncExternalStore } from 'react';
import { serverClock } from '../api/server-clock.ts';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const notify of listeners) notify();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const currentSecond = () => Math.floor(serverClock.now() / 1_000);

/** Seconds since 1970 by the server's clock, updated every second: one shared clock for all relative times. */
export function useCurrentSecond(): number {
  return useSyncExternalStore(subscribe, currentSecond);
}

const currentMinute = () => Math.floor(serverClock.now() / 60_000);

/** Minutes since 1970, by the same clock: renders once a minute, for lists of many times. */
export function useCurrentMinute(): number {
  return useSyncExternalStore(subscribe, currentMinute);
}
