import { shownText } from '../../domain/words/shown-text.ts';

/** HTML that is safe to send: values from outside are escaped. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | undefined | false | readonly Part[];

/** Builds HTML from a template. Escapes strings, inserts pieces of HTML as they are, and omits undefined and false. */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: template.reduce((text, literal, index) => text + render(parts[index - 1]) + literal) };
}

/** A text in which browsers break the line before the @ of an address rather than within its words. */
export function breakable(text: string): Html {
  return html`${text.split('@').map((part, index) => (index === 0 ? html`${part}` : html`<wbr>@${part}`))}`;
}

function render(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return 'html' in part ? part.html : part.map(render).join('');
}

function escapeHtml(text: string): string {
  return shownText(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
