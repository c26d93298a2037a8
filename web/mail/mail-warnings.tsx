import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../api/client.ts';
import { Notice } from '../parts/notice.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { addressesIn, hasLookAlikes } from './link-facts.ts';
import { shownHeader } from './shown-header.ts';

type Message = Pick<Schemas['Message'], 'from' | 'recipients' | 'authentication' | 'automatic' | 'special'>;

/** What a reader must know before the mail itself: that it may be forged, answers elsewhere, or was sent by a program. */
export function MailWarnings({ message }: { readonly message: Message }) {
  const { mail: words } = useDeskWords();
  const { from, recipients, authentication, automatic, special } = message;
  const own = domainOf(from?.address);
  const otherReply = useOtherOwner(
    own,
    recipients.replyTo.map(({ address }) => domainOf(address)),
  );
  const named = addressesIn(from?.name ?? '');
  const otherNamed = useOtherOwner(own, named.map(domainOf));
  // Invitations and reports show what they are, and so does what is either signed or encrypted (special-content.tsx).
  const kindShown = special?.kind === 'smime' ? undefined : special?.kind;
  const notice = Object.entries(words.special).find(([kind]) => kind === kindShown)?.[1];
  return (
    <>
      {authentication?.verdict === 'failed' && (
        <Notice tone="bad">{words.forged(authentication.dmarc?.domain ?? own)}</Notice>
      )}
      {hasLookAlikes(own) && <Notice tone="warn">{words.lookAlikeSender(asciiOf(own))}</Notice>}
      {otherNamed !== undefined && (
        <Notice tone="warn">
          {words.otherNamedAddress(
            named.find((each) => domainOf(each) === otherNamed) ?? otherNamed,
            from?.address ?? '',
          )}
        </Notice>
      )}
      {otherReply !== undefined && <Notice tone="warn">{words.otherReplyDomain(otherReply)}</Notice>}
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

/** Only letters that look like no others. */
function asciiOf(domain: string): string {
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : domain;
}

/** The first of these domains that another owner registered; undefined: none, or it is not known yet. */
function useOtherOwner(own: string, all: readonly string[]): string | undefined {
  const domains = all.filter((domain) => domain !== '' && domain !== own);
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
