import { useMemo } from 'react';
import { TableScroll } from '../parts/table-scroll.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { withFewDirections } from './few-directions.ts';
import { findLinkFacts } from './link-facts.ts';
import { type PlainPart, plainParts } from './plain-parts.ts';
import { textPieces } from './text-links.ts';

interface PlainMailProps {
  readonly text: string;
  readonly isFixedWidth: boolean;
  /** True for forwarded mail: its history is the message itself. */
  readonly isOpen: boolean;
}

/** A plain text: its addresses are links, and what it quotes is folded. */
export function PlainMail({ text, isFixedWidth, isOpen }: PlainMailProps) {
  const parts = useMemo(() => plainParts(withFewDirections(text)), [text]);
  const shown = parts.map((part, position) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never change.
    <Part key={position} part={part} isOpen={isOpen} />
  ));
  if (isFixedWidth) return <TableScroll className="mail-text fixed-width">{shown}</TableScroll>;
  return <div className="mail-text">{shown}</div>;
}

function Part({ part: { kind, text, lines }, isOpen }: { readonly part: PlainPart; readonly isOpen: boolean }) {
  const { mail: words } = useDeskWords();
  const shown = (
    <pre>
      <bdi>
        <Linked text={text} />
      </bdi>
    </pre>
  );
  if (kind === 'written') return shown;
  return (
    <details className="mail-quote" open={isOpen}>
      <summary>{words.quoted(lines)}</summary>
      {shown}
    </details>
  );
}

function Linked({ text }: { readonly text: string }) {
  const pieces = useMemo(() => textPieces(text), [text]);
  return pieces.map(({ text: words, href }, position) => {
    const facts = href === undefined ? undefined : findLinkFacts(href, words);
    if (!facts) return words;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change.
      <a key={position} href={href} target="_blank" rel="noopener noreferrer nofollow" title={facts.target}>
        {words}
      </a>
    );
  });
}
