import { mergeAttributes, Node } from '@tiptap/core';
import { SIGNATURE } from './text-and-html.ts';

/** The class by which a signature is found again in a draft's HTML. */
const SIGNATURE_CLASS = 'mailroom-signature';

/** A person's or mailbox's signature, as one block that can be replaced. */
export const SignatureNode = Node.create({
  name: SIGNATURE,
  group: 'block',
  content: 'block+',
  defining: true,

  parseHTML() {
    return [{ tag: `div.${SIGNATURE_CLASS}` }];
  },

  renderHTML({ HTMLAttributes }) {
    return ['div', mergeAttributes(HTMLAttributes, { class: SIGNATURE_CLASS }), 0];
  },
});

/** A signature's HTML as a block of the editor. */
export function signatureHtml(body: string): string {
  return `<div class="${SIGNATURE_CLASS}">${body}</div>`;
}
