/**
 * An address as mail servers take it: one `@`, no blanks, none of the characters that separate or quote addresses, and
 * none that are not seen or turn the others around. Letters of any alphabet. Whether it exists only its server knows.
 * `web/answers/parse-recipients.ts` has the same rule.
 */
export const mailAddress = /^[^\s\p{C}@<>",;:()[\]\\]+@[^\s\p{C}@<>",;:()[\]\\.]+(?:\.[^\s\p{C}@<>",;:()[\]\\.]+)*$/u;
