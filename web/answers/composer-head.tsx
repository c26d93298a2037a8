import { Button, Group, TextInput } from '@mantine/core';
import { type Ref, useState } from 'react';
import { isAddress, type Recipient } from '../parts/parse-recipients.ts';
import { useDeskWords } from '../shell/languages.tsx';
import type { DraftContent } from './draft-content.ts';
import { RecipientsInput } from './recipients-input.tsx';

/** Exchange Online takes 500 in one message by default. */
const MOST_RECIPIENTS = 500;
/** Characters of a subject that Exchange keeps. */
const LONGEST_SUBJECT = 255;

interface ComposerHeadProps {
  readonly toRef: Ref<HTMLInputElement>;
  readonly content: DraftContent;
  readonly onChange: (change: Partial<DraftContent>) => void;
  /** Who takes part in the conversation. */
  readonly known: readonly Recipient[];
  /** True once sending was tried: what is missing is shown. */
  readonly isTried: boolean;
}

/** Recipients and subject. Copies and blind copies are folded until there are any, or they are asked for. */
export function ComposerHead({ toRef, content, onChange, known, isTried }: ComposerHeadProps) {
  const { answers: words } = useDeskWords();
  const [shown, setShown] = useState<ReadonlySet<'cc' | 'bcc'>>(new Set());
  const show = (kind: 'cc' | 'bcc') => setShown((now) => new Set([...now, kind]));
  const isShown = (kind: 'cc' | 'bcc') => shown.has(kind) || content[kind].length > 0;
  const problem = useRecipientProblem(content, isTried);
  const hidden = (['cc', 'bcc'] as const).filter((kind) => !isShown(kind));
  return (
    <div className="composer-head">
      {(['to', 'cc', 'bcc'] as const).map(
        (kind) =>
          (kind === 'to' || isShown(kind)) && (
            <RecipientsInput
              key={kind}
              {...(kind === 'to' && { ref: toRef })}
              label={words[kind]}
              value={content[kind]}
              onChange={(recipients) => onChange({ [kind]: recipients })}
              known={known}
              removeLabel={words.removeRecipient}
              error={problem(kind)}
              {...(kind === 'to' &&
                hidden.length > 0 && {
                  beside: (
                    <Group gap={0} wrap="nowrap">
                      {hidden.map((each) => (
                        <Button key={each} variant="subtle" size="compact-xs" onClick={() => show(each)}>
                          {words[each]}
                        </Button>
                      ))}
                    </Group>
                  ),
                })}
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
  return (kind: 'to' | 'cc' | 'bcc'): string | undefined => {
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
