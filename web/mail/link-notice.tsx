import { Notice } from '../parts/notice.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import type { MailLink } from './mark-links.ts';

/** More doubtful links than these are only counted. */
const MOST_SHOWN = 20;

/** A warning of links that may lead elsewhere than they seem. It stands outside of the mail, which cannot imitate it. */
export function LinkNotice({ links }: { readonly links: readonly MailLink[] }) {
  const { mail: words } = useDeskWords();
  const doubtful = links.filter(({ doubts }) => doubts.length > 0);
  if (doubtful.length === 0) return null;
  return (
    <Notice tone="bad">
      {words.doubtful(doubtful.length)}
      <ul className="plain-list">
        {doubtful.slice(0, MOST_SHOWN).map((link, position) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: links repeat, and never change.
          <li key={position}>
            <bdi>
              <strong>{link.words || words.noWords}</strong>
            </bdi>
            {': '}
            {link.doubts.slice(0, 1).map((doubt) => words.doubts[doubt](link.host))}
          </li>
        ))}
        {doubtful.length > MOST_SHOWN && <li>{words.moreLinks(doubtful.length - MOST_SHOWN)}</li>}
      </ul>
    </Notice>
  );
}
