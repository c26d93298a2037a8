import type { MailPicture } from './sanitise-mail.ts';

/** Why a picture is not shown. */
export type PictureFailure = 'not-attached' | 'no-picture' | 'not-loaded' | 'refused';

interface PictureLoading {
  /** Mailroom's address of the content; undefined: the mail has no such attachment. */
  readonly addressOf: (picture: MailPicture) => string | undefined;
  /** What is shown in the place of one that fails. */
  readonly wordsFor: (picture: MailPicture, failure: PictureFailure) => string;
  /** When it aborts, the pictures may be forgotten. */
  readonly signal: AbortSignal;
}

/** Browsers send six requests at once to one host; the page needs some for itself. */
const AT_ONCE = 3;

/**
 * Fetches the pictures of a mail that is shown, and puts them into their places. The frame's policy allows no addresses
 * but the page's own `blob:`, so neither the mail nor a mistake here can make the browser ask another server.
 */
export async function loadPictures(pictures: readonly MailPicture[], loading: PictureLoading): Promise<void> {
  const { addressOf, wordsFor, signal } = loading;
  const waiting = [...pictures];
  const known = new Map<string, Promise<string | PictureFailure>>();
  const loadNext = async (): Promise<void> => {
    for (let picture = waiting.shift(); picture && !signal.aborted; picture = waiting.shift()) {
      const address = addressOf(picture);
      const found = address === undefined ? 'not-attached' : await remembered(known, address, signal);
      if (signal.aborted) return;
      const { element } = picture;
      if (found.startsWith('blob:')) element.src = found;
      else element.replaceWith(inPlaceOf(element, wordsFor(picture, found as PictureFailure)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, loadNext));
}

/** One picture may stand in many places. */
function remembered(known: Map<string, Promise<string | PictureFailure>>, address: string, signal: AbortSignal) {
  const before = known.get(address);
  if (before) return before;
  const asked = fetchPicture(address, signal);
  known.set(address, asked);
  return asked;
}

/** The `blob:` address of a picture. */
async function fetchPicture(address: string, signal: AbortSignal): Promise<string | PictureFailure> {
  try {
    const response = await fetch(address, { signal });
    if (!response.ok) return failureOf(await response.json());
    const blob = await response.blob();
    if (!blob.type.startsWith('image/')) return 'no-picture';
    const url = URL.createObjectURL(blob);
    signal.addEventListener('abort', () => URL.revokeObjectURL(url), { once: true });
    return url;
  } catch {
    return 'not-loaded';
  }
}

function failureOf(problem: { readonly reason?: string }): PictureFailure {
  if (problem.reason === 'image-address-refused') return 'refused';
  return problem.reason === 'image-no-picture' || problem.reason === 'no-picture' ? 'no-picture' : 'not-loaded';
}

const STYLE =
  'display: inline-block; padding: 2px 6px; border: 1px dashed #8793a2; border-radius: 4px; color: #47525f; font: 13px/1.5 system-ui, sans-serif';

function inPlaceOf(element: HTMLImageElement, words: string): HTMLElement {
  const span = element.ownerDocument.createElement('span');
  span.style.cssText = STYLE;
  span.textContent = words;
  return span;
}
