/** Properties of appearance and position within the text. Freely positioned elements could cover others. */
const harmlessProperty =
  /^(?:color|opacity|background-(?:color|image|position|position-[xy]|size|repeat|origin|clip)|font(?:-.*)?|line-height|letter-spacing|word-(?:spacing|break)|overflow-wrap|hyphens|tab-size|text-.*|white-space(?:-.*)?|vertical-align|direction|unicode-bidi|border(?:-.*)?|outline(?:-.*)?|padding(?:-.*)?|margin(?:-.*)?|(?:min-|max-)?(?:width|height|inline-size|block-size)|box-(?:sizing|shadow)|display|visibility|float|clear|overflow(?:-[xy])?|table-layout|caption-side|empty-cells|list-style(?:-.*)?|flex(?:-.*)?|order|(?:align|justify|place)-.*|(?:row-|column-)?gap|grid(?:-.*)?|quotes|object-(?:fit|position)|aspect-ratio)$/;

/**
 * Functions that load something, or whose value is known only when it is used; an escape could hide one. Viewport
 * heights are those of the frame, which takes the height of the mail: it would grow without end.
 */
const harmfulValue =
  /\b(?:url|src|image|image-set|cross-fade|element|paint|var|env|attr|expression)\s*\(|\\|\d[sld]?v(?:h|b|min|max)\b/i;

/**
 * Keeps only those properties of a style that neither load anything nor cover other parts of the mail. What was moved or
 * cut out of sight, such as the text that lists of mail show beside the subject, stays out of sight without its position.
 * What other properties hide (`opacity`, `max-height`, `font-size` …) the browser hides, also in a width in which the
 * mail shows it again. `mso-hide` is for Word: all other programs show the text. What an animation would let appear is
 * there without it.
 */
export function keepHarmless(style: CSSStyleDeclaration): void {
  const isAnimated = !/^(?:none)?$/.test(style.getPropertyValue('animation-name'));
  const isHidden = !isAnimated && isMovedAway(style);
  for (const property of [...style]) {
    const value = style.getPropertyValue(property);
    if (
      value === '' ||
      !harmlessProperty.test(property) ||
      harmfulValue.test(value) ||
      (property.startsWith('margin') && pullsAway(value)) ||
      (property.endsWith('-spacing') && pilesUp(value)) ||
      (isAnimated && /^(?:opacity|visibility)$/.test(property))
    ) {
      style.removeProperty(property);
    }
  }
  if (isHidden) style.setProperty('display', 'none');
}

/**
 * Gmail and Outlook on the web ignore all negative margins: text that is pulled out of the frame can be read by nobody.
 * Those by which Word aligns tables and lists, and grids their columns, are shorter than the padding of the frame.
 */
function pullsAway(margin: string): boolean {
  return margin.includes('-') && !/^-(?:1?\d)?(?:\.\d+)?(?:px|pt)$/.test(margin);
}

/** Letters or words that stand on each other, or before the line. Titles are set closer by a few pixels. */
function pilesUp(spacing: string): boolean {
  return spacing.includes('-') && !/^-(?:\d?(?:\.\d+)?(?:px|pt)|0?\.[0-2]\d*em)$/.test(spacing);
}

/** Pixels from an edge, beyond every window. */
const FAR_AWAY = -900;
const ZERO = '0(?:\\.0+)?(?:px|%)?';
const IS_ZERO = new RegExp(`^${ZERO}(?:\\s|$)`);
/** To nothing, the middle or a corner. */
const CLIPS_ALL = new RegExp(
  `^(?:inset\\(\\s*(?:50|100)%|(?:circle|ellipse)\\(\\s*${ZERO}(?:\\s|\\))|polygon\\(\\s*${ZERO} ${ZERO}(?:,\\s*${ZERO} ${ZERO})*\\s*\\))`,
);
const SHRINKS_TO_NOTHING = new RegExp(`\\bscale(?:3d|x|y)?\\(\\s*${ZERO}\\s*[,)]`, 'i');

function isMovedAway(style: CSSStyleDeclaration): boolean {
  const read = (property: string) => style.getPropertyValue(property);
  if (CLIPS_ALL.test(read('clip-path')) || IS_ZERO.test(read('scale'))) return true;
  const transform = read('transform');
  if (SHRINKS_TO_NOTHING.test(transform) || distances(transform).some((distance) => distance <= FAR_AWAY)) return true;
  if (!/^(?:absolute|fixed)$/.test(read('position'))) return false;
  const edges = ['left', 'top', 'right', 'bottom', 'text-indent'].map(read);
  return edges.some((value) => Number.parseFloat(value) <= FAR_AWAY) || /^rect\(\s*[01](?:px)?\b/.test(read('clip'));
}

function distances(transform: string): readonly number[] {
  const moves = transform.match(/translate(?:3d|x|y)?\([^)]*/gi) ?? [];
  return moves.flatMap((move) => (move.match(/-?[\d.]+px/g) ?? []).map(Number.parseFloat));
}

/** Characters. Newsletters have some ten thousand; each rule is matched against each element. */
const MOST_CSS_CHARACTERS = 300_000;
const MOST_RULES = 2_000;
const LONGEST_SELECTOR = 500;

/** CSSRule.STYLE_RULE and MEDIA_RULE: rules of another window are not instances of this one's classes. */
const STYLE_RULE = 1;
const MEDIA_RULE = 4;

/**
 * The style sheets of a mail, for its frame. Parsed by the frame's window as constructed sheets, which import nothing;
 * keeps only style rules, including those in media queries for widths.
 */
export function mailStyleSheet(css: string, frame: Window & typeof globalThis): CSSStyleSheet {
  const sheet = new frame.CSSStyleSheet();
  if (css.length > MOST_CSS_CHARACTERS) return sheet;
  // They would be dropped anyway, with a console warning for each.
  sheet.replaceSync(css.replace(/@import\b[^;]*;?/gi, ''));
  filterRules(sheet, MOST_RULES);
  return sheet;
}

/** Returns how many more rules are allowed. */
function filterRules(group: CSSStyleSheet | CSSMediaRule, most: number): number {
  let left = most;
  const kept: boolean[] = [...group.cssRules].map((rule) => {
    if (left <= 0) return false;
    left -= 1;
    if (rule.type === STYLE_RULE) return keepRule(rule as CSSStyleRule);
    if (rule.type !== MEDIA_RULE || /prefers-color-scheme/.test((rule as CSSMediaRule).conditionText)) return false;
    left = filterRules(rule as CSSMediaRule, left);
    return true;
  });
  for (let index = kept.length - 1; index >= 0; index -= 1) if (!kept[index]) group.deleteRule(index);
  return left;
}

/** What DOMPurify puts before the ids and names of a mail. */
export const ID_PREFIX = 'user-content-';

function keepRule(rule: CSSStyleRule): boolean {
  // `:has` searches whole subtrees, for each element.
  if (rule.selectorText.length > LONGEST_SELECTOR || /:has\(/i.test(rule.selectorText)) return false;
  if (rule.selectorText.includes('#')) rule.selectorText = rule.selectorText.replaceAll('#', `#${ID_PREFIX}`);
  for (let index = (rule.cssRules?.length ?? 0) - 1; index >= 0; index -= 1) rule.deleteRule(index);
  keepHarmless(rule.style);
  return rule.style.length > 0;
}
