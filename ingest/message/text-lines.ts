/** Lines of text, written from left to right: blanks are collapsed, and lines of quotes and lists get a prefix. */
export interface TextLines {
  write(text: string): void;
  /** A blank, unless the line is empty so far. */
  blank(): void;
  /** Starts a new line, after an empty one when `count` is 2. */
  breakLine(count: 1 | 2): void;
  /** One more line break, as of `<br>`. */
  addBreak(): void;
  /** @param first the number of its first item; undefined: items have bullets */
  openList(first: number | undefined): void;
  closeList(): void;
  openItem(): void;
  quote(levels: 1 | -1): void;
  /** Starts or ends preserving blanks and line ends. */
  preserve(levels: 1 | -1): void;
  /** True once the character limit is reached. */
  isFull(): boolean;
  end(): { readonly text: string; readonly isWhole: boolean };
}

/** Deeper quotes and lists look like these: a prefix costs its length on every line. */
const MOST_QUOTE_MARKS = 8;
const MOST_INDENTED_LISTS = 8;
/** More line ends in a row, in HTML usually empty paragraphs, carry no meaning. */
const MOST_BREAKS = 3;

export function createTextLines(mostCharacters: number): TextLines {
  let written = '';
  let breaks = 0;
  let isBlankDue = false;
  let isAtLineStart = true;
  let isWhole = true;
  let quotes = 0;
  let preserved = 0;
  /** Number of the next item of each open list; 0: bullets. */
  const lists: number[] = [];
  /** Open lists beyond those that are indented. */
  let moreLists = 0;
  let marker = '';

  function prefix(): string {
    const indent = '  '.repeat(Math.max(0, lists.length - (marker === '' ? 0 : 1)));
    const start = '> '.repeat(Math.min(quotes, MOST_QUOTE_MARKS)) + indent + marker;
    marker = '';
    return start;
  }

  function append(text: string): void {
    if (text === '') return;
    let before = '';
    if (breaks > 0 || isAtLineStart) {
      if (written !== '') before = '\n'.repeat(breaks);
      before += prefix();
    } else if (isBlankDue) before = ' ';
    breaks = 0;
    isBlankDue = false;
    isAtLineStart = false;
    const room = mostCharacters - written.length - before.length;
    isWhole &&= text.length <= room;
    written += before + (text.length <= room ? text : text.slice(0, Math.max(0, room)));
  }

  function addBreak(): void {
    breaks = Math.min(MOST_BREAKS, breaks + 1);
    isBlankDue = false;
  }

  function breakLine(count: 1 | 2): void {
    breaks = Math.max(breaks, count);
    isBlankDue = false;
  }

  function blank(): void {
    isBlankDue = breaks === 0 && !isAtLineStart;
  }

  function writePreserved(text: string): void {
    for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
      if (index > 0) addBreak();
      append(line);
      if (!isWhole) return;
    }
  }

  return {
    blank,
    breakLine,
    addBreak,
    write(text) {
      if (preserved > 0) return writePreserved(text);
      const collapsed = text.replace(BLANKS, ' ');
      const from = collapsed.startsWith(' ') ? 1 : 0;
      if (from === 1) blank();
      const to = collapsed.endsWith(' ') ? collapsed.length - 1 : collapsed.length;
      append(collapsed.slice(from, to));
      if (to < collapsed.length) blank();
    },
    openList(first) {
      breakLine(lists.length === 0 ? 2 : 1);
      if (lists.length < MOST_INDENTED_LISTS) lists.push(first ?? 0);
      else moreLists += 1;
    },
    closeList() {
      breakLine(lists.length <= 1 ? 2 : 1);
      marker = '';
      if (moreLists > 0) moreLists -= 1;
      else lists.pop();
    },
    openItem() {
      breakLine(1);
      const number = lists.at(-1) ?? 0;
      marker = number === 0 ? '* ' : `${number}. `;
      if (number !== 0) lists[lists.length - 1] = number + 1;
    },
    quote(levels) {
      breakLine(2);
      quotes = Math.max(0, quotes + levels);
    },
    preserve(levels) {
      breakLine(2);
      preserved = Math.max(0, preserved + levels);
    },
    isFull: () => !isWhole,
    end: () => ({ text: written.trimEnd(), isWhole }),
  };
}

/** Without the no-break space, which senders use on purpose. */
const BLANKS = /[ \t\r\n\f]+/g;
