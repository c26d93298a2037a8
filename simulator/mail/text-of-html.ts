import { Tokenizer } from 'htmlparser2';

/**
 * The text of HTML in lines. Takes linear time and returns at most `mostCharacters`, for any input: the simulator also
 * delivers mail that crashes clients that build a tree of it.
 */
export function textOfHtml(html: string, mostCharacters: number): string {
  const parts: string[] = [];
  let length = 0;
  let hidden = 0;
  let opened = '';
  const add = (text: string) => {
    if (hidden > 0) return;
    length += parts[parts.push(text) - 1]?.length ?? 0;
    if (length >= mostCharacters) tokenizer.pause();
  };
  const nameAt = (start: number, end: number) => (end - start > 10 ? '' : html.slice(start, end).toLowerCase());
  const ignore = () => {};
  const tokenizer = new Tokenizer(
    { recognizeSelfClosing: true },
    {
      ontext: (start, end) => add(html.slice(start, end).replace(/[ \t\r\n\f]+/g, ' ')),
      ontextentity: (codePoint) => add(String.fromCodePoint(codePoint)),
      onopentagname: (start, end) => {
        opened = nameAt(start, end);
        if (hiddenElements.has(opened)) hidden += 1;
        else if (blocks.has(opened)) add('\n');
      },
      onclosetag: (start, end) => {
        const name = nameAt(start, end);
        if (hiddenElements.has(name)) hidden = Math.max(0, hidden - 1);
        else if (blocks.has(name)) add('\n');
      },
      oncdata: (start, end, offset) => add(html.slice(start, end - offset)),
      onattribdata: ignore,
      onattribentity: ignore,
      onattribend: ignore,
      onattribname: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onend: ignore,
      onopentagend: ignore,
      onprocessinginstruction: ignore,
      // `<title/>` of XHTML hides nothing.
      onselfclosingtag: () => {
        if (hiddenElements.has(opened)) hidden -= 1;
      },
    },
  );
  tokenizer.write(html);
  if (length < mostCharacters) tokenizer.end();
  return parts
    .join('')
    .slice(0, mostCharacters)
    .replace(/ +/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim();
}

const hiddenElements = new Set(['script', 'style', 'title', 'template', 'iframe', 'noembed', 'noframes']);
const blocks = new Set(
  'address blockquote br center dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody td th tr ul'.split(' '),
);
