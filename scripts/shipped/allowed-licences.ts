/**
 * Licences that oblige to name the authors at most, or, as the MPL does, to publish changes of their own files. SPDX ids.
 */
const allowed: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'Python-2.0',
  'Unicode-3.0',
  'Unlicense',
]);

/** Whether a package of this licence may be part of Mailroom: an SPDX expression; of alternatives one is enough. */
export function isAllowedLicence(expression: string | undefined): boolean {
  if (expression === undefined) return false;
  return expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((each) => each.split(' AND ').every((licence) => allowed.has(licence.trim())));
}
