import type { Schemas } from '../api/client.ts';

/** A text with its matches marked. */
export function MarkedText({ parts }: { readonly parts: Schemas['MarkedText'] }) {
  let at = 0;
  return parts.map(({ text, hit }) => {
    const key = at;
    at += text.length;
    return hit ? <mark key={key}>{text}</mark> : text;
  });
}
