import { Node } from '@tiptap/core';

export interface PictureOptions {
  /** The address at which a picture of this content id is shown; undefined where it is not among the attachments. */
  readonly sourceOf: (contentId: string) => string | undefined;
}

/** Holds the address of a picture outside of mails. */
const SOURCE = 'data-source';

const inData = /^data:image\/(?:png|jpeg|gif|webp);base64,/i;
const inAttachment = /^cid:/i;

/**
 * A picture inside the text: an inline attachment, named in the mail by its content id (`cid:`) and shown here from the
 * draft's attachments, or one that is part of the HTML, such as the logo of a signature. Pictures of other servers are
 * not taken over: they would be requested here, and by everyone who receives the answer.
 */
export const PictureNode = Node.create<PictureOptions>({
  name: 'picture',
  group: 'inline',
  inline: true,
  draggable: true,

  addOptions() {
    return { sourceOf: () => undefined };
  },

  addAttributes() {
    return {
      // As `src`, the browser would ask for it wherever this becomes an element of the page.
      src: {
        default: null,
        parseHTML: (element) => element.getAttribute(SOURCE) ?? element.getAttribute('src'),
        renderHTML: ({ src }) => ({ [SOURCE]: src }),
      },
      alt: { default: '' },
      width: { default: null, parseHTML: (element) => Number(element.getAttribute('width')) || null },
    };
  },

  parseHTML() {
    const { sourceOf } = this.options;
    // A picture copied from another mail is not among the attachments, and would be a gap in this one.
    const isShown = (element: HTMLElement) =>
      shownSource(element.getAttribute(SOURCE) ?? element.getAttribute('src') ?? '', sourceOf) !== undefined;
    return [{ tag: 'img', getAttrs: (element) => (isShown(element) ? null : false) }];
  },

  renderHTML({ HTMLAttributes }) {
    return ['img', HTMLAttributes];
  },

  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement('img');
      const source = shownSource(String(node.attrs.src), this.options.sourceOf);
      if (source !== undefined) dom.src = source;
      dom.alt = String(node.attrs.alt ?? '');
      dom.className = 'written-picture';
      if (typeof node.attrs.width === 'number') dom.width = node.attrs.width;
      return { dom };
    };
  },
});

/** Gives the pictures in HTML of the editor their addresses. In a document that loads nothing. */
export function addressPictures(body: HTMLElement): void {
  for (const picture of body.querySelectorAll(`img[${SOURCE}]`)) {
    picture.setAttribute('src', picture.getAttribute(SOURCE) ?? '');
    picture.removeAttribute(SOURCE);
  }
}

function shownSource(src: string, sourceOf: PictureOptions['sourceOf']): string | undefined {
  if (inAttachment.test(src)) return sourceOf(src.replace(inAttachment, ''));
  return inData.test(src) ? src : undefined;
}
