import { Button, Group, TextInput } from '@mantine/core';
import { type Ref, useMemo, useState } from 'react';
import { isAddress, type Recipient } from '../parts/parse-recipients.ts';
import { useDeskWords } from '../shell/languages.tsx';
import type { DraftContent } from './draft-content.ts';
import { type RecipientKind, RecipientsInput } from './recipients-input.tsx';

/** Exchange Online takes 500 in one message by default. */
const MOST_RECIPIENTS = 500;
/** Characters of a subject that Exchange keeps. */
const LONGEST_SUBJECT = 255;

interface ComposerHeadProps {
  readonly toRef: Ref<HTMLInputElement>;
  readonly content: DraftContent;
  /** The same function and the same list for as long as nothing of them changes: fields are drawn again for another one. */
  readonly onChange: (change: Partial<DraftContent>) => void;
  /** Who takes part in the conversation. */
  readonly known: readonly Recipient[];
  /** True once sending was tried: what is missing is shown. */
  readonly isTried: boolean;
}

const kinds = ['to', 'cc', 'bcc'] as const;

/** Recipients and subject. Copies and blind copies are folded until there are any, or they are asked for. */
export function ComposerHead({ toRef, content, onChange, known, isTried }: ComposerHeadProps) {
  const { answers: words } = useDeskWords();
  const [shown, setShown] = useState<ReadonlySet<RecipientKind>>(new Set(['to']));
  const isShown = (kind: RecipientKind) => shown.has(kind) || content[kind].length > 0;
  const problem = useRecipientProblem(content, isTried);
  const [hasCc, hasBcc] = [isShown('cc'), isShown('bcc')];
  const beside = useMemo(() => {
    const hidden: readonly RecipientKind[] = [...(hasCc ? [] : ['cc' as const]), ...(hasBcc ? [] : ['bcc' as const])];
    if (hidden.length === 0) return undefined;
    return (
      <Group gap={0} wrap="nowrap">
        {hidden.map((kind) => (
          <Button
            key={kind}
            variant="subtle"
            size="compact-xs"
            onClick={() => setShown((now) => new Set([...now, kind]))}
          >
            {words[kind]}
          </Button>
        ))}
      </Group>
    );
  }, [hasCc, hasBcc, words]);
  return (
    <div className="composer-head">
      {kinds.map(
        (kind) =>
          isShown(kind) && (
            <RecipientsInput
              key={kind}
              {...(kind === 'to' && { ref: toRef, beside })}
              kind={kind}
              label={words[kind]}
              value={content[kind]}
              onChange={onChange}
              known={known}
              removeLabel={words.removeRecipient}
              error={problem(kind)}
            />
          ),
      )}
      <TextInput
        label={words.subject}
        value={content.subject}
        maxLength={LONGEST_SUBJECT}
        onChange={(event) => onChange({ subject: event.currentTarget.value })}
      />
    </div>
  );
}

/** What is wrong with the recipients of a field. */
function useRecipientProblem(content: DraftContent, isTried: boolean) {
  const { answers: words } = useDeskWords();
  const total = content.to.length + content.cc.length + content.bcc.length;
  return (kind: RecipientKind): string | undefined => {
    const wrong = content[kind].filter(({ address }) => !isAddress(address)).map(({ address }) => address);
    if (wrong.length > 0) return words.noAddresses(wrong.join(', '));
    if (kind !== 'to') return undefined;
    if (total > MOST_RECIPIENTS) return words.manyRecipients(MOST_RECIPIENTS);
    return isTried && total === 0 ? words.noRecipient : undefined;
  };
}

/** True when the recipients allow to send. */
export function hasGoodRecipients({ to, cc, bcc }: DraftContent): boolean {
  const all = [...to, ...cc, ...bcc];
  return all.length > 0 && all.length <= MOST_RECIPIENTS && all.every(({ address }) => isAddress(address));
}
