import { isInRange, isNotEmpty, matches } from '@mantine/form';
import { useWords } from '../shell/languages.tsx';
import type { Words } from '../words/en.ts';

/** Required. */
export const filledIn = isNotEmpty(<FieldWords say={({ missing }) => missing} />);

const looksLikeAddress = matches(/^\s*\S+@\S+\s*$/, <FieldWords say={({ noAddress }) => noAddress} />);

/** Required, and may be an e-mail address: only the API knows which addresses exist. */
export function anAddress(value: string) {
  return filledIn(value) ?? looksLikeAddress(value);
}

/** A whole number in this range. */
export function wholeNumber(min: number, max: number) {
  const isNumber = matches(/^\d+$/, <FieldWords say={({ noNumber }) => noNumber} />);
  const isWithin = isInRange({ min, max }, <FieldWords say={({ between }) => between(String(min), String(max))} />);
  return (value: string) => isNumber(value) ?? isWithin(Number(value));
}

interface FieldWordsProps {
  readonly say: (words: Words['fields']) => string;
}

/** Words in the language at the time of display. */
function FieldWords({ say }: FieldWordsProps) {
  return say(useWords().fields);
}
