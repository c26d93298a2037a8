/**
 * Joins the lines of flowed text (RFC 3676): those that end in a blank go on in the next line, if that is quoted as
 * deeply.
 *
 * @param deletesBlanks whether these blanks are no part of the text, as in scripts without any (`delsp=yes`)
 */
export function unflowed(text: string, deletesBlanks: boolean): string {
  const pieces: string[] = [];
  /** Marks of the line that goes on. */
  let open: string | undefined;
  for (const line of text.split('\n')) {
    const marks = /^>*/.exec(line)?.[0] ?? '';
    const words = line.slice(marks.length).replace(/^ /, '');
    const isSignature = words === '-- ';
    if (marks !== open || isSignature) pieces.push(pieces.length === 0 ? '' : '\n', marks && `${marks} `);
    const goesOn = words.endsWith(' ') && !isSignature;
    pieces.push(goesOn && deletesBlanks ? words.slice(0, -1) : words);
    open = goesOn ? marks : undefined;
  }
  return pieces.join('');
}
