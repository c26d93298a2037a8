/**
 * HTML on which parsers, converters and sanitisers have needed minutes or gigabytes, each about as long as asked for.
 * Generators, because a megabyte of each would make the repository heavy.
 */
export const htmlBombs: Readonly<Record<string, (characters: number) => string>> = {
  'end tags that close nothing': repeated('<div></b>'),
  'end tags that close nothing, behind words': (characters) => `Good day ${repeated('<div></b>')(characters)}`,
  'quotes around many lines': (characters) => `${'<blockquote>'.repeat(250)}${repeated('a<br>')(characters)}`,
  'lists around many lines': (characters) => `${'<ul><li>'.repeat(250)}${repeated('a<br>')(characters)}`,
  'deep nesting': (characters) => {
    const levels = Math.floor(characters / 11);
    return `${'<div>'.repeat(levels)}Good day${'</div>'.repeat(levels)}`;
  },
  'fonts that stay open': repeated('<font color=red>a'),
  'mixed formatting that stays open': repeated('<b><i><u><font><a href=x>a'),
  'tables that stay open': repeated('<table>'),
  'tables in cells': repeated('<table><tr><td>a'),
  'misplaced content in tables': repeated('<table><b>a'),
  'paragraphs in buttons': repeated('<button><p>'),
  'forms in forms': repeated('<form><div>'),
  'many attributes': (characters) => `<p ${numbered(characters, (n) => `a${n}=1 `)}>Good day</p>`,
  'one attribute many times': (characters) => `<p ${repeated('a=1 ')(characters)}>Good day</p>`,
  'a giant attribute': (characters) => `<p title="${'x'.repeat(characters)}">Good day</p>`,
  'a giant style': (characters) => `<p style="${repeated('color:red;')(characters)}">Good day</p>`,
  'a giant name': (characters) => `<${'a'.repeat(characters)}>Good day`,
  'an attribute that stays open': (characters) => `Good day <p title="${'x'.repeat(characters)}`,
  entities: repeated('&amp;'),
  'entities without an end': repeated('&CounterClockwiseContourIntegra'),
  'a number without an end': (characters) => `&#${'1'.repeat(characters)}`,
  ampersands: repeated('&'),
  'ampersands in an attribute': (characters) => `<p title="${'&'.repeat(characters)}">Good day`,
  'opening brackets': repeated('<'),
  'closing brackets': repeated('>'),
  'half an end tag': repeated('</'),
  'conditional comments that stay open': repeated('<!--[if mso]>'),
  'conditional comments': repeated('<!--[if mso]><x:y><![endif]-->'),
  'revealed conditional comments': repeated('<![if !mso]>a<![endif]>'),
  'dashes in a comment': (characters) => `<!--${'-'.repeat(characters)}`,
  CDATA: repeated('<![CDATA['),
  'processing instructions': repeated('<?xml:namespace prefix = o />'),
  'names with a colon': repeated('<o:p>a'),
  'almost the end of a style': (characters) => `<style>${repeated('</styl')(characters)}`,
  styles: repeated('<style>p{}</style>'),
  selects: repeated('<select><option>a'),
  'SVG and MathML': repeated('<svg><math><mi>'),
  'foreign content and back': repeated('<svg><foreignObject><div>'),
  templates: repeated('<template>'),
  framesets: repeated('<frameset>'),
  NUL: repeated('\0'),
  'direction marks': repeated('\u202E\u2066a'),
  'one long word': repeated('a'),
  blanks: repeated(' '),
  'blanks between tags': repeated(' <b> </b> '),
  'line ends': (characters) => `<pre>${'\n'.repeat(characters)}</pre>`,
  breaks: repeated('<br>'),
  rulers: repeated('<hr>'),
  images: repeated('<img src="https://a.example/b.gif">'),
};

function repeated(unit: string): (characters: number) => string {
  return (characters) => unit.repeat(Math.ceil(characters / unit.length));
}

function numbered(characters: number, unit: (n: number) => string): string {
  const units: string[] = [];
  for (let n = 0, length = 0; length < characters; n += 1) length += units[units.push(unit(n)) - 1]?.length ?? 0;
  return units.join('');
}
