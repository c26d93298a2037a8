/** A node of the editor's document, as Tiptap gives it as JSON. */
export interface EditorNode {
  readonly type?: string | undefined;
  readonly text?: string | undefined;
  readonly attrs?: Readonly<Record<string, unknown>> | undefined;
  readonly content?: readonly EditorNode[] | undefined;
  readonly marks?: readonly { readonly type: string; readonly attrs?: Readonly<Record<string, unknown>> }[] | undefined;
}

/** The type of the node that holds a signature. */
export const SIGNATURE = 'signature';

/** The document as plain text: lists with their marks, quotes with `>`, links with their addresses. */
export function textOf(node: EditorNode): string {
  return blocksOf(node)
    .join('\n')
    .replaceAll('\u00A0', ' ')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/\s+$/, '');
}

/** The lines of a block and of what is in it. */
function blocksOf(node: EditorNode): readonly string[] {
  const inner = node.content ?? [];
  switch (node.type) {
    case 'paragraph':
    case 'heading':
    case 'codeBlock':
      return inner.map(inlineText).join('').split('\n');
    case 'bulletList':
      return inner.flatMap((item) => indented(item, '• '));
    case 'orderedList': {
      const first = typeof node.attrs?.start === 'number' ? node.attrs.start : 1;
      return inner.flatMap((item, index) => indented(item, `${first + index}. `));
    }
    case 'blockquote':
      return inner.flatMap(blocksOf).map((line) => (line === '' ? '>' : `> ${line}`));
    case 'horizontalRule':
      return ['---'];
    case SIGNATURE:
      return ['-- ', ...inner.flatMap(blocksOf)];
    case 'picture':
      return [pictureText(node)];
    default:
      return inner.flatMap(blocksOf);
  }
}

function indented(item: EditorNode, mark: string): readonly string[] {
  const lines = blocksOf(item);
  return lines.map((line, index) => (index === 0 ? mark + line : ' '.repeat(mark.length) + line));
}

function inlineText(node: EditorNode): string {
  if (node.type === 'hardBreak') return '\n';
  if (node.type === 'picture') return pictureText(node);
  const text = node.text ?? (node.content ?? []).map(inlineText).join('');
  const href = node.marks?.find(({ type }) => type === 'link')?.attrs?.href;
  if (typeof href !== 'string') return text;
  const bare = href.replace(/^(mailto:|tel:|https?:\/\/)/i, '').replace(/\/$/, '');
  return text.includes(bare) ? text : `${text} <${href}>`;
}

function pictureText({ attrs }: EditorNode): string {
  return typeof attrs?.alt === 'string' && attrs.alt !== '' ? `[${attrs.alt}]` : '';
}

/** Plain text as HTML for the editor: a paragraph for each line. */
export function htmlOfText(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => `<p>${keepBlanks(escapeHtml(line))}</p>`)
    .join('');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Runs of blanks, and those at the beginning, which HTML would draw together. */
function keepBlanks(line: string): string {
  return line.replace(
    /^ +| {2,}/g,
    (blanks, at: number) => '\u00A0'.repeat(blanks.length - Number(at > 0)) + ' '.repeat(Number(at > 0)),
  );
}
