import { useEffect } from 'react';

const CHANNEL = 'mailroom-session';

/** Lets the other windows of this browser know that there is a session. */
export function announceSession(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage('signed-in');
  channel.close();
}

/** Loads a window that asks for a sign-in again, once another one has a session; it then shows what it showed before. */
export function useSessionElsewhere(): void {
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.addEventListener('message', () => location.reload());
    return () => channel.close();
  }, []);
}
