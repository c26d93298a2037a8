import { useDeskWords } from '../shell/languages.tsx';

interface Named {
  readonly scope: string;
  readonly mailbox: string | null;
  readonly address: string | null;
  readonly addressHint?: string | null;
}

/** What a hold or an erasure names, in words. */
export function useTargetWords(): (named: Named) => string {
  const { retention: words } = useDeskWords();
  return ({ scope, mailbox, address, addressHint }) => {
    if (scope === 'account') return words.accountOf(mailbox ?? '…');
    if (scope === 'sender') return words.senderOf(address ?? addressHint ?? '…');
    return scope === 'item' ? words.itemOf : words.scopes.everything;
  };
}
