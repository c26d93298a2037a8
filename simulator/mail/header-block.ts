/** Up to the first empty line, with any kind of line ends. */
export function headerBlock(mime: Buffer): Buffer {
  const ends = ['\r\n\r\n', '\n\n', '\r\r', '\n\r\n'].map((ending) => mime.indexOf(ending)).filter((at) => at >= 0);
  return mime.subarray(0, ends.length > 0 ? Math.min(...ends) : mime.length);
}
