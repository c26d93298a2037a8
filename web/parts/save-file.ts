/** Long enough for every browser to begin with it, in milliseconds; some read the address only after the click. */
const ADDRESS_VALID_FOR_MS = 60_000;

/** Has the browser save bytes that the page has. */
export function saveFile(name: string, content: BlobPart): void {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content]));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), ADDRESS_VALID_FOR_MS);
}
