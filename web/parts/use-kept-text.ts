import { useEffect, useState } from 'react';
import { useMe } from '../shell/session.ts';
import { windowStore } from './browser-store.ts';

/** Of everything that this window keeps of what a person wrote (sessionStorage). */
export const WRITTEN = 'mailroom-written';

/**
 * A text that is being written, kept in this window under its place, such as `note:ITEM`, for this person: there again
 * after the end of the session, a reload, and a look at another page. Kept until it is empty, or the person signs out.
 */
export function useKeptText(place: string): [string, (text: string) => void] {
  const userId = useMe().data?.id ?? '';
  const key = `${WRITTEN}:${userId}:${place}`;
  const [text, setText] = useState(() => windowStore.find(key) ?? '');
  useEffect(() => void windowStore.keep(key, text || undefined), [key, text]);
  return [text, setText];
}
