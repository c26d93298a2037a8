const BLOCKS = 'p, div, ul, ol, blockquote, hr, h1, h2, h3, h4, h5, h6, pre';

/**
 * Writes tables as lines, since the editor has none: what stands in one row stays in one line, with a bar between the
 * cells. Cells of several paragraphs, of which layouts consist, follow one another.
 */
export function linesOfTables(body: Element): void {
  // Tables in tables first.
  for (const table of [...body.querySelectorAll('table')].reverse()) {
    const lines = [...table.rows].flatMap((row) => linesOf([...row.cells].filter(isFilled), table.ownerDocument));
    table.replaceWith(...(table.caption ? [...table.caption.childNodes] : []), ...lines);
  }
}

function isFilled(cell: Element): boolean {
  return cell.textContent.trim() !== '' || cell.querySelector('img') !== null;
}

function linesOf(cells: readonly Element[], document: Document): readonly Element[] {
  const parts = cells.map(lineOf);
  if (cells.length < 2 || !parts.every((part) => part !== undefined)) {
    return cells.map((cell) => wrapped(document, 'div', [...cell.childNodes]));
  }
  return [
    wrapped(
      document,
      'p',
      parts.flatMap<Node | string>((part, index) => (index > 0 ? [' | ', ...part] : part)),
    ),
  ];
}

/** The content of a cell that is one line; undefined where it is more. */
function lineOf(cell: Element): readonly Node[] | undefined {
  const [block, ...others] = cell.querySelectorAll(BLOCKS);
  if (block === undefined) return [...cell.childNodes];
  const isWhole = block.textContent.trim() === cell.textContent.trim() && !cell.querySelector('img');
  return others.length === 0 && isWhole && block.matches('p, div') ? [...block.childNodes] : undefined;
}

function wrapped(document: Document, tag: string, content: readonly (Node | string)[]): Element {
  const element = document.createElement(tag);
  element.append(...content);
  return element;
}
