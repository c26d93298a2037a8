import { mergeAttributes, Node } from '@tiptap/core';

export interface PictureOptions {
  /** The address at which a picture of this content id is shown; undefined where it is not among the attachments. */
  readonly sourceOf: (contentId: string) => string | undefined;
}

/**
 * A picture inside the text: an inline attachment, named in the mail by its content id (`cid:`). In the editor it is
 * shown from the draft's attachments. Pictures of other servers are not taken over: they would be requested here, and
 * by whoever receives the answer.
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
      contentId: {
        default: null,
        parseHTML: (element) => element.getAttribute('src')?.replace(/^cid:/i, '') ?? null,
        renderHTML: ({ contentId }) => ({ src: `cid:${contentId}` }),
      },
      alt: { default: '' },
      width: { default: null, parseHTML: (element) => Number(element.getAttribute('width')) || null },
    };
  },

  parseHTML() {
    const { sourceOf } = this.options;
    const contentIdOf = (element: HTMLElement) => element.getAttribute('src')?.replace(/^cid:/i, '') ?? '';
    // A picture copied from another mail is not among the attachments, and would be a gap in this one.
    const known = (element: HTMLElement) => (sourceOf(contentIdOf(element)) === undefined ? false : null);
    return [{ tag: 'img[src^="cid:"]', getAttrs: known }];
  },

  renderHTML({ HTMLAttributes }) {
    return ['img', mergeAttributes({ style: 'max-width:100%;height:auto' }, HTMLAttributes)];
  },

  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement('img');
      const source = this.options.sourceOf(String(node.attrs.contentId));
      if (source !== undefined) dom.src = source;
      dom.alt = String(node.attrs.alt ?? '');
      dom.className = 'written-picture';
      if (typeof node.attrs.width === 'number') dom.width = node.attrs.width;
      return { dom };
    };
  },
});
