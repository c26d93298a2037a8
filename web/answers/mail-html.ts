import type { Editor } from '@tiptap/core';
import { DOMSerializer } from '@tiptap/pm/model';
import { addressPictures } from './picture-node.ts';

/**
 * The editor's document as the HTML of a mail. Made in a document that loads nothing: in the page's own, a browser
 * would ask for the pictures under their content ids. Empty lines keep their height, which mail programs take from
 * them otherwise.
 */
export function mailHtmlOf({ state, schema }: Editor): string {
  const inert = document.implementation.createHTMLDocument();
  const body = inert.createElement('div');
  body.append(DOMSerializer.fromSchema(schema).serializeFragment(state.doc.content, { document: inert }));
  for (const paragraph of body.querySelectorAll('p:empty')) paragraph.append(inert.createElement('br'));
  addressPictures(body);
  return body.innerHTML;
}
