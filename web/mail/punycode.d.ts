declare module 'punycode.js' {
  /** A host with its labels in letters of all scripts. Labels that are no punycode stay. Throws for malformed ones. */
  export function toUnicode(host: string): string;
}
