import sanitizeHtml from 'sanitize-html';

const color = /^(#[\da-f]{3,8}|rgba?\([\d\s,.%]+\)|[a-z]{3,30})$/i;
const length = /^(0|\d{1,4}(\.\d{1,3})?(px|pt|em|rem|%))$/;
const lengths = /^((0|auto|\d{1,4}(\.\d{1,3})?(px|pt|em|rem|%))\s*){1,4}$/;
const border = /^[\w\s#(),.%-]{1,60}$/;

/**
 * What an answer may contain: the formatting that mail programs show. No scripts, forms, frames or style sheets; pictures
 * only from attachments (`cid:`) or as data, because a picture from elsewhere would report who opened the mail.
 */
const options: sanitizeHtml.IOptions = {
  allowedTags: [
    ...['p', 'br', 'div', 'span', 'b', 'strong', 'i', 'em', 'u', 's', 'del', 'ins', 'sub', 'sup', 'small', 'mark'],
    ...['blockquote', 'pre', 'code', 'hr', 'ul', 'ol', 'li', 'a', 'img', 'h1', 'h2', 'h3', 'h4', 'font'],
    ...['table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'caption', 'colgroup', 'col'],
  ],
  allowedAttributes: {
    '*': ['style', 'dir', 'lang', 'align', 'title'],
    a: ['href', 'target', 'rel'],
    img: ['src', 'alt', 'width', 'height'],
    font: ['color', 'face', 'size'],
    table: ['border', 'cellpadding', 'cellspacing', 'width', 'bgcolor'],
    td: ['colspan', 'rowspan', 'width', 'valign', 'bgcolor'],
    th: ['colspan', 'rowspan', 'width', 'valign', 'bgcolor'],
    ol: ['start', 'type'],
    div: ['class'],
  },
  allowedClasses: { div: ['mailroom-signature'] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['cid', 'data'] },
  allowProtocolRelative: false,
  allowedStyles: {
    '*': {
      color: [color],
      'background-color': [color],
      'text-align': [/^(left|right|center|justify|start|end)$/],
      'font-weight': [/^(bold|normal|[1-9]00)$/],
      'font-style': [/^(italic|normal)$/],
      'font-size': [length],
      'font-family': [/^[\w\s,'"-]{1,200}$/],
      'text-decoration': [/^(underline|line-through|none)$/],
      'line-height': [/^\d{1,2}(\.\d{1,3})?(px|pt|em|%)?$/],
      margin: [lengths],
      'margin-left': [length],
      'margin-top': [length],
      'margin-bottom': [length],
      padding: [lengths],
      'padding-left': [length],
      width: [length],
      border: [border],
      'border-left': [border],
      'border-collapse': [/^(collapse|separate)$/],
      'white-space': [/^(pre-wrap|pre|normal)$/],
      'vertical-align': [/^(top|middle|bottom|baseline)$/],
    },
  },
  transformTags: { a: sanitizeHtml.simpleTransform('a', { rel: 'noopener noreferrer' }) },
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !isAllowedPicture(attribs.src ?? ''),
};

const isAllowedPicture = (src: string) => /^cid:[^\s"'<>]{1,300}$|^data:image\/(png|jpeg|gif|webp);base64,/i.test(src);

/** The address by which the editor shows a picture of the draft; in the mail it is a part of it. */
const ownPicture = /\/api\/v1\/drafts\/[\da-f-]{36}\/attachments\/([\da-f-]{36})/i;

/**
 * HTML as it may be sent. `contentIds`: of the draft's pictures by their ids, for those that the editor shows by their
 * address in Mailroom.
 */
export function cleanHtml(html: string, contentIds: ReadonlyMap<string, string> = new Map()): string {
  return sanitizeHtml(html, {
    ...options,
    transformTags: {
      ...options.transformTags,
      img: (tagName, attribs) => {
        const [, id] = ownPicture.exec(attribs.src ?? '') ?? [];
        const contentId = id === undefined ? undefined : contentIds.get(id.toLowerCase());
        return { tagName, attribs: contentId === undefined ? attribs : { ...attribs, src: `cid:${contentId}` } };
      },
    },
  });
}

/** What a person wrote in HTML, without quotes and signature, for rules that look for words. */
export function wordsOfHtml(html: string): string {
  const own = sanitizeHtml(html, {
    allowedTags: options.allowedTags ?? [],
    allowedAttributes: { div: ['class'] },
    exclusiveFilter: ({ tag, attribs }) => tag === 'blockquote' || attribs.class === 'mailroom-signature',
  });
  return sanitizeHtml(own.replaceAll(/<(br|\/p|\/div|\/li|\/td)\b/gi, ' <$1'), {
    allowedTags: [],
    allowedAttributes: {},
  });
}

/** The same of plain text: without quoted lines, and without what follows the line of a signature. */
export function wordsOfText(text: string): string {
  const [own = ''] = text.split(/^-- $/m);
  return own.replaceAll(/^>.*$/gm, '');
}
