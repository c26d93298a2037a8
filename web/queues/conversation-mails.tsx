import { shownSubject } from '../parts/shown-subject.ts';
import './conversation.css';
import { Anchor, Skeleton, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { Link } from 'react-router';
import { FoldedAnswer } from '../answers/folded-answer.tsx';
import { api, type Schemas, take } from '../api/client.ts';
import { Age } from '../parts/age.tsx';
import { knownWord } from '../parts/known-word.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { askAgainEvery } from '../shell/live-changes.ts';
import { itemQuery } from './item-query.ts';
import { OpenMail } from './open-mail.tsx';

type Mail = Schemas['ConversationMail'];

/** The conversation of an item, and what else its sender wrote. */
export function useConversation(itemId: string) {
  return useQuery({
    queryKey: ['conversation', itemId],
    queryFn: ({ signal }) => take(api.GET('/api/v1/conversations/{id}', { signal, params: { path: { id: itemId } } })),
    refetchInterval: askAgainEvery(),
  });
}

/** The other mails of the conversation, folded: each opens where it is. */
export function ConversationMails({ itemId }: { readonly itemId: string }) {
  const { work } = useDeskWords();
  const { data } = useConversation(itemId);
  const mails = data?.mails.filter((mail) => mail.itemId !== itemId) ?? [];
  const others = [
    ...mails.map((mail) => ({ at: mail.receivedAt, id: mail.itemId, shown: <FoldedMail mail={mail} /> })),
    // The item's own stand below it.
    ...(data?.answers ?? [])
      .filter((answer) => answer.itemId !== itemId)
      .map((answer) => ({
        at: answer.endedAt ?? answer.updatedAt,
        id: answer.id,
        shown: <FoldedAnswer answer={answer} />,
      })),
  ].toSorted((one, other) => one.at.localeCompare(other.at));
  const own = data?.mails.find((mail) => mail.itemId === itemId);
  const alsoIn = new Set(own?.alsoIn.map(({ address }) => address).filter((each) => each !== own.account.address));
  return (
    <>
      {alsoIn.size > 0 && (
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {work.alsoIn([...alsoIn].join(', '))}
        </Text>
      )}
      {others.length > 0 && (
        <section className="panel panel-body" aria-labelledby="conversation">
          <Title order={2} id="conversation" mb={4}>
            {work.older(others.length)}
          </Title>
          {others.map(({ id, shown }) => (
            <Fragment key={id}>{shown}</Fragment>
          ))}
        </section>
      )}
    </>
  );
}

function FoldedMail({ mail }: { readonly mail: Mail }) {
  const { queues } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="folded-mail" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Text span size="sm" fw={500}>
          <bdi>{mail.from?.name ?? mail.from?.address ?? queues.noSender}</bdi>
        </Text>{' '}
        <Text span size="xs" c="dimmed">
          <Age time={mail.receivedAt} /> · {mail.account.address} · {knownWord(queues.states, mail.state)}
        </Text>
        <Text size="sm" c="dimmed" lineClamp={1}>
          <bdi>{mail.preview || mail.subject}</bdi>
        </Text>
      </summary>
      {isOpen && <OtherMail id={mail.itemId} />}
    </details>
  );
}

function OtherMail({ id }: { readonly id: string }) {
  const { queues } = useWords();
  const { data, error, refetch } = useQuery(itemQuery(id));
  if (error && !data) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={160} radius="md" />;
  return (
    <>
      <Text size="sm" lineClamp={2} component="div" style={{ overflowWrap: 'anywhere' }}>
        <Anchor component={Link} to={`/items/${id}`} size="sm">
          <bdi>{shownSubject(data.subject, queues.noSubject)}</bdi>
        </Anchor>
      </Text>
      <OpenMail item={data} />
    </>
  );
}

/** Other mail from the same sender. */
export function EarlierMails({ itemId }: { readonly itemId: string }) {
  const { queues } = useWords();
  const { work } = useDeskWords();
  const { data } = useConversation(itemId);
  if (!data || data.earlier.length === 0) return null;
  return (
    <section className="panel panel-body" aria-labelledby="earlier">
      <Title order={2} id="earlier" mb={4}>
        {work.earlier}
      </Title>
      <ul className="plain-list">
        {data.earlier.map((mail) => (
          <li key={mail.itemId}>
            <Text size="sm" lineClamp={2} component="div" style={{ overflowWrap: 'anywhere' }}>
              <Anchor component={Link} to={`/items/${mail.itemId}`} size="sm">
                <bdi>{shownSubject(mail.subject, queues.noSubject)}</bdi>
              </Anchor>
            </Text>
            <Text size="xs" c="dimmed" component="div">
              <Age time={mail.receivedAt} /> · {knownWord(queues.states, mail.state)}
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}
