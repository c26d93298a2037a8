import DOMPurify from 'dompurify';
import { keepHarmless } from './mail-styles.ts';

const configuration = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: [
    ...['form', 'input', 'button', 'select', 'option', 'textarea', 'label', 'fieldset', 'dialog', 'details', 'summary'],
    ...['base', 'meta', 'link', 'style', 'title', 'template', 'slot', 'map', 'area'],
    ...['object', 'embed', 'iframe', 'frame', 'frameset', 'svg', 'math', 'canvas'],
    ...['video', 'audio', 'source', 'track', 'picture', 'marquee', 'nav', 'menu'],
  ],
  FORBID_ATTR: [
    ...['id', 'name', 'srcset', 'background', 'ping', 'poster', 'action', 'formaction', 'usemap', 'download', 'nonce'],
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
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  // The last alternatives, which are DOMPurify's, are for values that are no address: without them it drops
  // `border="1"`.
  ALLOWED_URI_REGEXP:
    /^(?:(?:https?|mailto|tel):|data:image\/(?:png|jpe?g|gif|webp);base64,|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
  IN_PLACE: true,
} as const;

/** Links that lead out of Mailroom. All others would resolve to Mailroom itself. */
const linkTarget = /^\s*(?:https?:\/\/|mailto:|tel:)/i;
const shownImage = /^\s*data:image\/(?:png|jpe?g|gif|webp);base64,/i;
const remoteImage = /^\s*(?:https?:)?\/\//i;

export type SanitisedMail =
  | {
      readonly body: HTMLElement;
      /** Images from other servers. */
      readonly remoteImages: number;
    }
  /** It took too long, or DOMPurify refuses all of it. */
  | { readonly refused: 'too-complex' | 'unreadable' };

interface SanitiseOptions {
  /** False: remote images keep their place and lose their address. */
  readonly remoteImages: boolean;
  /** In milliseconds of `performance.now()`. */
  readonly deadline: number;
}

/**
 * The body of a parsed mail, safe to show: markup, styles that load nothing, links into new tabs. It is never
 * serialised again, so no parser can read it differently from DOMPurify.
 */
export function sanitiseMail(
  parsed: Document,
  frame: Window & typeof globalThis,
  { remoteImages, deadline }: SanitiseOptions,
): SanitisedMail {
  const purify = DOMPurify(frame);
  let blocked = 0;
  purify.addHook('uponSanitizeElement', () => {
    if (performance.now() > deadline) throw new TookTooLong();
  });
  purify.addHook('afterSanitizeAttributes', (element) => {
    filterStyle(element);
    if (!linkTarget.test(element.getAttribute('href') ?? '')) element.removeAttribute('href');
    if (element.tagName === 'A' && element.hasAttribute('href')) {
      element.setAttribute('target', '_blank');
      element.setAttribute('rel', 'noopener noreferrer nofollow');
    }
    const source = element.getAttribute('src') ?? '';
    if (element.tagName === 'IMG' && remoteImage.test(source)) {
      blocked += 1;
      element.setAttribute('referrerpolicy', 'no-referrer');
      if (remoteImages) element.setAttribute('src', source.trim().replace(/^\/\//, 'https://'));
      else element.removeAttribute('src');
    } else if (element.tagName !== 'IMG' || !shownImage.test(source)) element.removeAttribute('src');
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
  return { body, remoteImages: blocked };
}

class TookTooLong extends Error {}

function filterStyle(element: Element): void {
  if (!element.hasAttribute('style')) return;
  const { style } = element as HTMLElement;
  keepHarmless(style);
  if (style.length === 0) element.removeAttribute('style');
}
