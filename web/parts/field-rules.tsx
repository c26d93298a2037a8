import { isInRange, isNotEmpty, matches } from '@mantine/form';
import { useWords } from '../shell/languages.tsx';
import type { Words } from '../words/en.ts';

/** Must be filled in. */
export const filledIn = isNotEmpty(<FieldWords say={({ missing }) => missing} />);

const looksLikeAddress = matches(/^\s*\S+@\S+\s*$/, <FieldWords say={({ noAddress }) => noAddress} />);

/** Must be filled in, with what may be an e-mail address: which ones there are, the API knows. */
export function anAddress(value: string) {
  return filledIn(value) ?? looksLikeAddress(value);
}

/** Must be a whole number between these. */
export function wholeNumber(min: number, max: number) {
  const isNumber = matches(/^\d+$/, <FieldWords say={({ noNumber }) => noNumber} />);
  const isWithin = isInRange({ min, max }, <FieldWords say={({ between }) => between(String(min), String(max))} />);
  return (value: string) => isNumber(value) ?? isWithin(Number(value));
}

interface FieldWordsProps {
  readonly say: (words: Words['fields']) => string;
}

/** In the language that is read while it is shown. */
function FieldWords({ say }: FieldWordsProps) {
  return say(useWords().fields);
}
