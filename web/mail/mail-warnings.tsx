import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../api/client.ts';
import { Notice } from '../parts/notice.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { shownHeader } from './shown-header.ts';

type Message = Pick<Schemas['Message'], 'from' | 'recipients' | 'authentication' | 'automatic' | 'special'>;

/** What a reader must know before the mail itself: that it may be forged, answers elsewhere, or was sent by a program. */
export function MailWarnings({ message }: { readonly message: Message }) {
  const { mail: words } = useDeskWords();
  const { from, recipients, authentication, automatic, special } = message;
  const own = domainOf(from?.address);
  const other = useOtherOwner(
    own,
    recipients.replyTo.map(({ address }) => domainOf(address)).filter((domain) => domain !== '' && domain !== own),
  );
  // Invitations and reports show what they are, and so does what is either signed or encrypted (special-content.tsx).
  const kindShown = special?.kind === 'smime' ? undefined : special?.kind;
  const notice = Object.entries(words.special).find(([kind]) => kind === kindShown)?.[1];
  return (
    <>
      {authentication?.verdict === 'failed' && (
        <Notice tone="bad">{words.forged(authentication.dmarc?.domain ?? own)}</Notice>
      )}
      {other !== undefined && <Notice tone="warn">{words.otherReplyDomain(other)}</Notice>}
      {automatic !== null && (
        <Notice tone="idle">
          <strong>{words.automatic[automatic.kind]}</strong>,{' '}
          <bdi>{words.shownBy(automatic.header, shownHeader(automatic.value))}</bdi>
        </Notice>
      )}
      {notice !== undefined && <Notice tone="idle">{notice}</Notice>}
    </>
  );
}

function domainOf(address = ''): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** The first of these domains that another owner registered; undefined: none, or it is not known yet. */
function useOtherOwner(own: string, domains: readonly string[]): string | undefined {
  const { data, isError } = useQuery({
    queryKey: ['other-owner', own, ...domains],
    queryFn: async () => {
      const { haveSameOwner } = await import('./same-owner.ts');
      return domains.find((domain) => !haveSameOwner(domain, own)) ?? null;
    },
    enabled: own !== '' && domains.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return isError ? domains[0] : (data ?? undefined);
}
