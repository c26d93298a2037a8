import { windowStore } from '../parts/browser-store.ts';
import { WRITTEN } from '../parts/use-kept-text.ts';

/** A file on its way to a draft. */
interface FileOnItsWay {
  readonly name: string;
  readonly size: number;
}

const PREFIX = `${WRITTEN}-files`;

/**
 * Remembers in this window (sessionStorage) that a file is on its way: a reload or the end of the session loses the file,
 * and the person has to learn that. Returns how to forget it, once it has arrived or is not wanted any more.
 */
export function noteUpload(draftId: string, { name, size }: FileOnItsWay): () => void {
  const key = `${PREFIX}:${draftId}:${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
  windowStore.keep(key, JSON.stringify({ name, size }));
  return () => void windowStore.keep(key, undefined);
}

/** Files that were on their way when the page was left, and how to forget each. */
export function findLeftUploads(draftId: string): readonly (FileOnItsWay & { readonly forget: () => void })[] {
  return windowStore.keys(`${PREFIX}:${draftId}:`).flatMap((key) => {
    const file = windowStore.findJson(key) as FileOnItsWay | undefined;
    return file ? [{ ...file, forget: () => void windowStore.keep(key, undefined) }] : [];
  });
}
