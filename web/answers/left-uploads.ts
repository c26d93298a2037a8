import { keep, WRITTEN } from '../parts/use-kept-text.ts';

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
  keep(key, JSON.stringify({ name, size }));
  return () => keep(key, '');
}

/** Files that were on their way when the page was left, and how to forget each. */
export function findLeftUploads(draftId: string): readonly (FileOnItsWay & { readonly forget: () => void })[] {
  try {
    return Object.keys(sessionStorage)
      .filter((key) => key.startsWith(`${PREFIX}:${draftId}:`))
      .map((key) => ({ ...JSON.parse(sessionStorage.getItem(key) ?? ''), forget: () => keep(key, '') }));
  } catch {
    return [];
  }
}
