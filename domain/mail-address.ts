/**
 * An address as mail servers take it: one `@`, no blanks and none of the characters that separate or quote addresses.
 * Letters of any alphabet. Whether it exists only its server knows. `web/answers/parse-recipients.ts` has the same rule.
 */
export const mailAddress = /^[^\s@<>",;:()[\]\\]+@[^\s@<>",;:()[\]\\.]+(?:\.[^\s@<>",;:()[\]\\.]+)*$/u;
