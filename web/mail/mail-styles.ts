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
 * Keeps only those properties of a style that neither load anything nor cover other parts of the mail. What was moved out
 * of sight, such as the text that lists of mail show beside the subject, stays out of sight without its position.
 */
export function keepHarmless(style: CSSStyleDeclaration): void {
  const isHidden = isMovedAway(style);
  for (const property of [...style]) {
    const value = style.getPropertyValue(property);
    if (value === '' || !harmlessProperty.test(property) || harmfulValue.test(value)) style.removeProperty(property);
  }
  if (isHidden) style.setProperty('display', 'none');
}

/** Pixels from an edge, beyond every window. */
const FAR_AWAY = -900;

function isMovedAway(style: CSSStyleDeclaration): boolean {
  const position = style.getPropertyValue('position');
  if (position !== 'absolute' && position !== 'fixed') return false;
  const edges = ['left', 'top', 'right', 'bottom', 'text-indent'].map((edge) => style.getPropertyValue(edge));
  if (edges.some((value) => Number.parseFloat(value) <= FAR_AWAY)) return true;
  return (
    /^rect\(\s*(?:0|1)(?:px)?\b/.test(style.getPropertyValue('clip')) ||
    /inset\(\s*(?:50|100)%/.test(style.getPropertyValue('clip-path'))
  );
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

/** What DOMPurify puts before the ids of a mail. */
const ID_PREFIX = 'user-content-';

function keepRule(rule: CSSStyleRule): boolean {
  // `:has` searches whole subtrees, for each element.
  if (rule.selectorText.length > LONGEST_SELECTOR || /:has\(/i.test(rule.selectorText)) return false;
  if (rule.selectorText.includes('#')) rule.selectorText = rule.selectorText.replaceAll('#', `#${ID_PREFIX}`);
  for (let index = (rule.cssRules?.length ?? 0) - 1; index >= 0; index -= 1) rule.deleteRule(index);
  keepHarmless(rule.style);
  return rule.style.length > 0;
}
