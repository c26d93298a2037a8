import DOMPurify from 'dompurify';
import { ID_PREFIX, keepHarmless } from './mail-styles.ts';
import { isTrackingPixel } from './tracking-pixel.ts';

const configuration = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: [
    ...['form', 'input', 'button', 'select', 'option', 'textarea', 'label', 'fieldset', 'dialog', 'details', 'summary'],
    ...['base', 'meta', 'link', 'style', 'title', 'template', 'slot'],
    ...['object', 'embed', 'iframe', 'frame', 'frameset', 'svg', 'math', 'canvas'],
    ...['video', 'audio', 'source', 'track', 'picture', 'marquee', 'nav', 'menu'],
  ],
  FORBID_ATTR: [
    ...['srcset', 'background', 'ping', 'poster', 'action', 'formaction', 'download', 'nonce'],
    ...[
      'popover',
      'popovertarget',
      'popovertargetaction',
      'command',
      'commandfor',
      'inert',
      'tabindex',
      'part',
      'slot',
    ],
  ],
  ADD_ATTR: ['text', 'link', 'vlink', 'alink', 'hspace', 'vspace', 'compact', 'frame', 'rules', 'char', 'abbr'],
  // Newsletters style by id; with DOMPurify's prefix, none is the name of anything else (mail-styles.ts).
  SANITIZE_NAMED_PROPS: true,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  // The last alternatives, which are DOMPurify's, are for values that are no address: without them it drops
  // `border="1"`.
  ALLOWED_URI_REGEXP:
    /^(?:(?:https?|mailto|tel|sms):|data:image\/(?:png|jpe?g|gif|webp);base64,|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
  IN_PLACE: true,
} as const;

/** Links that lead out of Mailroom. All others would resolve to Mailroom itself. */
const linkTarget = /^\s*(?:https?:\/\/|mailto:|tel:|sms:)/i;
const shownImage = /^\s*data:image\/(?:png|jpe?g|gif|webp);base64,/i;
const remoteImage = /^\s*(?:https?:)?\/\//i;
const attachedImage = /^\s*cid:/i;

/** An attachment of the mail, by its Content-ID, or an image of another server, by its URL. */
type PictureSource = { readonly contentId: string } | { readonly url: string };

/** An image whose content is not in the HTML. It keeps its place, and the page fetches the content. */
export type MailPicture =
  | { readonly as: 'image'; readonly element: HTMLImageElement; readonly source: PictureSource }
  | { readonly as: 'background'; readonly element: HTMLElement; readonly source: PictureSource };

export type SanitisedMail =
  | {
      readonly body: HTMLElement;
      readonly pictures: readonly MailPicture[];
      /** Remote images that are not made to be seen. They are removed. */
      readonly trackingPixels: number;
    }
  /** It took too long, or DOMPurify refuses all of it. */
  | { readonly refused: 'too-complex' | 'unreadable' };

interface SanitiseOptions {
  /** In milliseconds of `performance.now()`. */
  readonly deadline: number;
}

/**
 * The body of a parsed mail, safe to show: markup, styles that load nothing, links into new tabs, images without the
 * addresses of their contents. It is never serialised again, so no parser can read it differently from DOMPurify.
 */
export function sanitiseMail(
  parsed: Document,
  frame: Window & typeof globalThis,
  { deadline }: SanitiseOptions,
): SanitisedMail {
  const purify = DOMPurify(frame);
  const pictures: MailPicture[] = [];
  const pixels: Element[] = [];
  purify.addHook('uponSanitizeElement', () => {
    if (performance.now() > deadline) throw new TookTooLong();
  });
  // DOMPurify would drop it: no browser can load it.
  purify.addHook('beforeSanitizeAttributes', (element) => {
    // DOMPurify also calls it for texts.
    if (element.nodeType !== ELEMENT) return;
    const background = backgroundOf(element as HTMLElement);
    if (background) pictures.push({ as: 'background', element: element as HTMLElement, source: background });
    if (element.tagName !== 'IMG') return;
    const address = element.getAttribute('src') ?? '';
    if (shownImage.test(address)) return;
    element.removeAttribute('src');
    const image = element as HTMLImageElement;
    const source = sourceOf(address);
    if (!source) return;
    if ('url' in source && isTrackingPixel(image)) pixels.push(image);
    else pictures.push({ as: 'image', element: image, source });
  });
  purify.addHook('afterSanitizeAttributes', (element) => {
    filterStyle(element);
    if (!linkTarget.test(element.getAttribute('href') ?? '')) element.removeAttribute('href');
    if ((element.tagName === 'A' || element.tagName === 'AREA') && element.hasAttribute('href')) {
      element.setAttribute('target', '_blank');
      element.setAttribute('rel', 'noopener noreferrer nofollow');
    }
    if (element.tagName !== 'IMG') element.removeAttribute('src');
    keepMapNames(element);
  });
  const { body } = parsed;
  try {
    purify.sanitize(body, {
      ...configuration,
      FORBID_TAGS: [...configuration.FORBID_TAGS],
      FORBID_ATTR: [...configuration.FORBID_ATTR],
      ADD_ATTR: [...configuration.ADD_ATTR],
    });
  } catch (error) {
    return { refused: error instanceof TookTooLong ? 'too-complex' : 'unreadable' };
  }
  for (const pixel of pixels) pixel.remove();
  return { body, pictures: pictures.filter(({ element }) => body.contains(element)), trackingPixels: pixels.length };
}

/** Node.ELEMENT_NODE */
const ELEMENT = 1;

class TookTooLong extends Error {}

function sourceOf(address: string): PictureSource | undefined {
  if (attachedImage.test(address)) return { contentId: contentIdOf(address) };
  return remoteImage.test(address) ? { url: address.trim().replace(/^\/\//, 'https://') } : undefined;
}

/** The picture behind an element: as Outlook wants it written, or as a style of its own. */
function backgroundOf(element: HTMLElement): PictureSource | undefined {
  const styled = /url\(\s*["']?([^"')]+)/i.exec(element.style?.backgroundImage ?? '')?.[1];
  return sourceOf(styled ?? element.getAttribute('background') ?? '');
}

/** RFC 2392: percent-encoded, without the angle brackets of the header. */
function contentIdOf(source: string): string {
  const written = source.trim().slice('cid:'.length);
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

/** Names are of use to maps of pictures alone. DOMPurify prefixes those of the maps, but not what refers to them. */
function keepMapNames(element: Element): void {
  if (element.tagName !== 'MAP') element.removeAttribute('name');
  const map = element.tagName === 'IMG' ? /^\s*#(.+)/.exec(element.getAttribute('usemap') ?? '')?.[1] : undefined;
  if (map === undefined) element.removeAttribute('usemap');
  else element.setAttribute('usemap', `#${ID_PREFIX}${map}`);
}

function filterStyle(element: Element): void {
  if (!element.hasAttribute('style')) return;
  const { style } = element as HTMLElement;
  keepHarmless(style);
  if (style.length === 0) element.removeAttribute('style');
}
