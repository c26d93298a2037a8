import { Link } from '@mantine/tiptap';
import type { Extensions } from '@tiptap/core';
import { Placeholder } from '@tiptap/extensions';
import { StarterKit } from '@tiptap/starter-kit';
import { PictureNode, type PictureOptions } from './picture-node.ts';
import { SignatureNode } from './signature-node.ts';

/** As Outlook writes it: lines without a distance between them, so that a mail looks like the editor. */
const line = { style: 'margin:0' };
const quote = { style: 'margin:0 0 0 0.8em;padding-left:1em;border-left:2px solid #c9d0d9' };

/** Schemes of links; all others would run something, or lead to Mailroom itself. */
const LINK_SCHEMES = ['http', 'https', 'mailto', 'tel'];

/** What an answer may consist of: what every mail program shows alike. */
export function editorExtensions({
  sourceOf,
  placeholder,
}: PictureOptions & { readonly placeholder: string }): Extensions {
  return [
    StarterKit.configure({
      heading: false,
      code: false,
      codeBlock: false,
      link: false,
      paragraph: { HTMLAttributes: line },
      blockquote: { HTMLAttributes: quote },
      trailingNode: false,
    }),
    Link.configure({
      openOnClick: false,
      linkOnPaste: true,
      defaultProtocol: 'https',
      HTMLAttributes: { rel: null, target: null, class: null },
      isAllowedUri: (url) => LINK_SCHEMES.some((scheme) => url.toLowerCase().startsWith(`${scheme}:`)),
    }),
    Placeholder.configure({ placeholder }),
    PictureNode.configure({ sourceOf }),
    SignatureNode,
  ];
}
