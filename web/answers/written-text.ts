/** What the composer does with a text, whichever editor it is written in. */
export interface WrittenText {
  focus(): void;
  /** All of it as plain text. */
  asText(): string;
  /** Inserts HTML where the caret is, in place of what is selected. */
  insert(html: string, text: string): void;
  /** Inserts the picture of an inline attachment; false where the format has none. */
  insertPicture(contentId: string, name: string): boolean;
  /** Replaces the signature, or adds it at the end; null removes it. */
  setSignature(signature: { readonly html: string; readonly text: string } | null): void;
}
