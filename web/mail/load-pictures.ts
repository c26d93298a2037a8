import type { MailPicture } from './sanitise-mail.ts';

/** Why a picture is not shown. */
export type PictureFailure =
  | 'not-attached'
  | 'no-picture'
  | 'not-loaded'
  | 'refused'
  | 'gone'
  | 'withheld'
  | 'too-large'
  | 'not-ready'
  | 'away';

/** Those that may pass. */
const passing: ReadonlySet<PictureFailure> = new Set(['not-loaded', 'not-ready', 'away']);

/** A picture that failed for now. */
export interface FailedPicture {
  readonly picture: MailPicture;
  /** What stands in its place. */
  readonly place: HTMLElement;
}

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
 * Fetches the pictures of a mail that is shown, and puts them into their places. Returns those that may be had later. The frame's policy allows no addresses
 * but the page's own `blob:`, so neither the mail nor a mistake here can make the browser ask another server.
 */
export async function loadPictures(
  pictures: readonly MailPicture[],
  loading: PictureLoading,
): Promise<readonly FailedPicture[]> {
  const { addressOf, wordsFor, signal } = loading;
  const waiting = [...pictures];
  const failed: FailedPicture[] = [];
  const known = new Map<string, Promise<string | PictureFailure>>();
  const loadNext = async (): Promise<void> => {
    for (let picture = waiting.shift(); picture && !signal.aborted; picture = waiting.shift()) {
      const address = addressOf(picture);
      const found = address === undefined ? 'not-attached' : await remembered(known, address, signal);
      if (signal.aborted) return;
      if (found.startsWith('blob:')) {
        show(picture, found);
        continue;
      }
      const { as, element } = picture;
      const place = as === 'image' ? inPlaceOf(element, wordsFor(picture, found as PictureFailure)) : element;
      if (place !== element) element.replaceWith(place);
      if (passing.has(found as PictureFailure)) failed.push({ picture, place });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, loadNext));
  return failed;
}

/** Fetches pictures again that failed for now. */
export async function loadFailedPictures(
  failed: readonly FailedPicture[],
  loading: PictureLoading,
): Promise<readonly FailedPicture[]> {
  for (const { picture, place } of failed) if (place !== picture.element) place.replaceWith(picture.element);
  return await loadPictures(
    failed.map(({ picture }) => picture),
    loading,
  );
}

function show({ as, element }: MailPicture, blob: string): void {
  if (as === 'image') element.src = blob;
  else element.style.backgroundImage = `url("${blob}")`;
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

/** By the API's reasons; any other is that it could not be loaded. */
const failures: Readonly<Record<string, PictureFailure>> = {
  'image-address-refused': 'refused',
  'image-no-picture': 'no-picture',
  'content-no-picture': 'no-picture',
  'content-unreadable': 'no-picture',
  'content-elsewhere': 'not-attached',
  'no-such-attachment': 'not-attached',
  'content-gone': 'gone',
  'message-deleted': 'gone',
  'content-infected': 'withheld',
  'content-unscanned': 'withheld',
  'content-too-large': 'too-large',
  'content-not-ready': 'not-ready',
  'content-account-removed': 'away',
  'account-not-enabled': 'away',
  'account-not-signed-in': 'away',
  'sign-in-refused': 'away',
  'mailbox-gone': 'away',
  'service-away': 'away',
};

function failureOf({ reason = '' }: { readonly reason?: string }): PictureFailure {
  return Object.hasOwn(failures, reason) ? (failures[reason] ?? 'not-loaded') : 'not-loaded';
}

const STYLE =
  'display: inline-block; padding: 2px 6px; border: 1px dashed #8793a2; border-radius: 4px; color: #47525f; font: 13px/1.5 system-ui, sans-serif';

function inPlaceOf(element: HTMLImageElement, words: string): HTMLElement {
  const span = element.ownerDocument.createElement('span');
  span.style.cssText = STYLE;
  span.textContent = words;
  return span;
}
