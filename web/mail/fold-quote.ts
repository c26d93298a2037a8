import type { Quote } from './find-quote.ts';

/** A shorter quote takes as much room as the words that would replace it. */
const FEWEST_LINES = 3;

/** No style sheet of a mail may hide what opens a quote, or make it look like something else. */
const SUMMARY_STYLE = [
  'display: list-item; visibility: visible; opacity: 1; position: static; float: none; width: fit-content',
  'margin: 12px 0; padding: 4px 10px; border: 1px solid #c3cad3; border-radius: 6px; cursor: pointer',
  'background: #f2f4f7; color: #1c2430; font: 13px/1.5 system-ui, sans-serif; text-align: start; text-indent: 0',
  'list-style: disclosure-closed inside; letter-spacing: normal; text-transform: none; white-space: nowrap; direction: ltr',
].join(';');

/**
 * Puts the quoted history of a mail that is shown into an element that opens and closes without a script.
 *
 * @param words what stands there instead, by the number of quoted lines
 */
export function foldQuote(quote: Quote, words: (lines: number) => string): void {
  const { first, last } = quote;
  const parent = first.parentNode;
  if (!parent || last.parentNode !== parent || !first.isConnected) return;
  const document = first.ownerDocument as Document;
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  details.style.setProperty('display', 'block', 'important');
  for (const line of SUMMARY_STYLE.split(';')) {
    const [property = '', value = ''] = line.split(': ');
    summary.style.setProperty(property.trim(), value, 'important');
  }
  const quoted: ChildNode[] = [];
  for (let node: ChildNode | null = first; node !== null; node = node === last ? null : node.nextSibling)
    quoted.push(node);
  parent.insertBefore(details, first);
  details.append(...quoted);
  details.open = true;
  const lines = details.innerText.split('\n').filter((line) => line.trim() !== '').length;
  if (lines < FEWEST_LINES) {
    details.replaceWith(...quoted);
    return;
  }
  summary.textContent = words(lines);
  details.prepend(summary);
  details.open = false;
}
