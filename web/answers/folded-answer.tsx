import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../api/client.ts';
import { MailFrame } from '../mail/mail-frame.tsx';
import { PlainMail } from '../mail/plain-mail.tsx';
import { Age } from '../parts/age.tsx';
import { knownWord } from '../parts/known-word.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { ANSWERS, type Answer } from './answers-query.ts';

/** Reserved until the text is shown, in pixels. */
const HEIGHT = 80;

/** An answer to another mail of the conversation, folded: its text is read when it is opened. */
export function FoldedAnswer({ answer }: { readonly answer: Answer }) {
  const { answers: words } = useDeskWords();
  const [isOpen, setOpen] = useState(false);
  const { by, to, kind, state, subject } = answer;
  return (
    <details className="folded-mail" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Text span size="sm" fw={500}>
          <bdi>{by.name ?? answer.account.address}</bdi>
        </Text>{' '}
        <Text span size="xs" c="dimmed">
          <Age time={answer.endedAt ?? answer.updatedAt} /> · {knownWord(words.states, state)}
        </Text>
        <Text size="sm" c="dimmed" lineClamp={1}>
          {knownWord(words.writing, kind)}{' '}
          <bdi>{words.sentTo(to.map(({ name, address }) => name ?? address).join(', '))}</bdi>
          {' · '}
          <bdi>{subject}</bdi>
        </Text>
      </summary>
      {isOpen && <AnswerText id={answer.id} />}
    </details>
  );
}

function AnswerText({ id }: { readonly id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: [...ANSWERS, 'text', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/answers/{id}', { signal, params: { path: { id } } })),
  });
  if (error && !data) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={HEIGHT} radius="md" />;
  if (data.format === 'text') return <PlainMail text={data.body} isFixedWidth={false} isOpen={false} />;
  return (
    <MailFrame
      html={data.body}
      subject={data.subject}
      expectedHeight={HEIGHT}
      // Of a sent answer, Exchange has the files.
      attachedPicture={() => undefined}
      remotePicture={undefined}
      onFormatted={() => undefined}
    />
  );
}
