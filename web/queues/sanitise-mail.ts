import DOMPurify from 'dompurify';
import { isSimpleHtml } from './is-simple-html.ts';

export type SanitisedMail =
  | { readonly body: DocumentFragment; readonly remoteImages: number }
  | { readonly refused: 'too-complex' | 'unreadable' };

/** What says how text looks, and cannot load, cover or move anything. */
const styleProperties = new Set(
  `color background-color font-family font-size font-style font-weight line-height text-align text-decoration
  text-indent text-transform white-space vertical-align letter-spacing direction
  border border-top border-right border-bottom border-left border-color border-style border-width border-collapse
  border-spacing border-radius padding padding-top padding-right padding-bottom padding-left margin margin-top
  margin-right margin-bottom margin-left width max-width min-width height list-style-type`.split(/\s+/),
);

const configuration = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: [
    ...['form', 'input', 'button', 'select', 'option', 'textarea', 'label', 'fieldset', 'dialog', 'details', 'summary'],
    ...['base', 'meta', 'link', 'style', 'title', 'template', 'slot', 'map', 'area'],
    ...['object', 'embed', 'iframe', 'frame', 'frameset', 'svg', 'math', 'canvas'],
    ...['video', 'audio', 'source', 'track', 'picture', 'marquee', 'nav', 'menu'],
  ],
  FORBID_ATTR: ['id', 'name', 'class', 'srcset', 'background', 'ping', 'poster', 'action', 'formaction', 'usemap'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:|data:image\/(?:png|jpe?g|gif|webp);base64,)/i,
  RETURN_DOM_FRAGMENT: true,
} as const;

/**
 * The mail as nodes that can be shown: markup, a few styles, links into new tabs. Remote images keep their place but
 * lose their address unless they are asked for. The nodes are never written out as text again, so that no parser can
 * understand them otherwise than DOMPurify did.
 */
export function sanitiseMail(html: string, { remoteImages }: { readonly remoteImages: boolean }): SanitisedMail {
  if (!isSimpleHtml(html)) return { refused: 'too-complex' };
  const purify = DOMPurify(window);
  let blocked = 0;
  purify.addHook('afterSanitizeAttributes', (element) => {
    filterStyle(element);
    if (element.tagName === 'A') {
      element.setAttribute('target', '_blank');
      element.setAttribute('rel', 'noopener noreferrer nofollow');
    }
    if (element.tagName !== 'IMG') return;
    element.setAttribute('referrerpolicy', 'no-referrer');
    const source = element.getAttribute('src') ?? '';
    if (!/^https?:/i.test(source)) return;
    blocked += 1;
    if (!remoteImages) element.removeAttribute('src');
  });
  const body = purify.sanitize(html, {
    ...configuration,
    FORBID_TAGS: [...configuration.FORBID_TAGS],
    FORBID_ATTR: [...configuration.FORBID_ATTR],
  });
  const isEmpty = body.textContent?.trim() === '' && body.querySelector('img, hr, table') === null;
  return isEmpty && html.trim() !== '' ? { refused: 'unreadable' } : { body, remoteImages: blocked };
}

function filterStyle(element: Element): void {
  if (!element.hasAttribute('style') || !(element instanceof HTMLElement)) return;
  const { style } = element;
  for (const property of [...style]) {
    const value = style.getPropertyValue(property);
    const isHarmless = styleProperties.has(property) || /^(border|padding|margin|text-decoration)-/.test(property);
    if (!isHarmless || /url\(|expression|-\d/i.test(value)) style.removeProperty(property);
  }
  if (style.length === 0) element.removeAttribute('style');
}
