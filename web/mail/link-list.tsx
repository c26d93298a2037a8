import { useDeskWords } from '../shell/languages.tsx';
import type { MailLink } from './mark-links.ts';

const MOST_SHOWN = 200;

/** Where the links of a mail lead, for fingers and keyboards, which cannot hover over them. */
export function LinkList({ links }: { readonly links: readonly MailLink[] }) {
  const { mail: words } = useDeskWords();
  const distinct = [...new Map(links.map((link) => [link.href, link])).values()];
  if (distinct.length === 0) return null;
  return (
    <details className="mail-links">
      <summary>{words.linkList(distinct.length)}</summary>
      <ul className="plain-list">
        {distinct.slice(0, MOST_SHOWN).map(({ href, target, words: linkWords }) => (
          <li key={href}>
            <bdi>{linkWords || words.noWords}</bdi>
            <bdi className="link-target">{target}</bdi>
          </li>
        ))}
        {distinct.length > MOST_SHOWN && <li>{words.moreLinks(distinct.length - MOST_SHOWN)}</li>}
      </ul>
    </details>
  );
}
