import './item.css';
import { Anchor, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useNavigationType, useParams } from 'react-router';
import { Answers } from '../answers/answers.tsx';
import { isKind } from '../api/problem-error.ts';
import { MessageFacts } from '../mail/message-facts.tsx';
import { ActionBarRoom } from '../parts/action-bar.tsx';
import { MissingPage } from '../parts/missing-page.tsx';
import { PageSkeleton } from '../parts/page-skeleton.tsx';
import { UnloadedPage } from '../parts/unloaded-page.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { Guarded } from '../shell/guarded.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { ConversationMails, EarlierMails } from './conversation-mails.tsx';
import { ItemHeader } from './item-header.tsx';
import { itemQuery } from './item-query.ts';
import { Notes } from './notes.tsx';
import { OpenMail } from './open-mail.tsx';
import { Tags } from './tags.tsx';
import { WhyHere } from './why-here.tsx';

/** One item: its message, why it is in this queue, and its actions. */
export function ItemPage() {
  const { id = '' } = useParams();
  return (
    <Guarded permission="items.read">
      <Item key={id} id={id} />
    </Guarded>
  );
}

/**
 * The frame: the header above; the mail and what is written in answer to it on the left; what is known about it on the
 * right. In a narrow window one below the other.
 */
function Item({ id }: { readonly id: string }) {
  const { queues, common } = useWords();
  const { work, retention } = useDeskWords();
  const mayRetain = useMay('retention.change');
  const isNarrow = useIsNarrow();
  const isBack = useNavigationType() === 'POP';
  // The item before may have been scrolled. The browser scrolls by itself where it goes back or reloads.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page of the item opens.
  useEffect(() => {
    if (!isBack) scrollTo(0, 0);
  }, []);
  const { data, error, refetch } = useQuery(itemQuery(id));
  if (isKind(error, 'not-found') || isKind(error, 'malformed-request')) {
    return (
      <MissingPage
        title={common.notFound}
        action={
          <Anchor component={Link} to="/queues" size="sm">
            {queues.back}
          </Anchor>
        }
      >
        {common.notFoundWhat}
      </MissingPage>
    );
  }
  if (error && !data) return <UnloadedPage error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return (
    <Stack gap="md">
      <ItemHeader item={data} />
      <div className="mail-columns">
        <Stack gap="md" miw={0} component="section" aria-label={work.conversation}>
          <ConversationMails itemId={id} />
          <OpenMail item={data} />
          <Answers item={data} />
        </Stack>
        <Stack gap="md" miw={0} component="section" aria-label={work.about}>
          {data.message && <MessageFacts itemId={data.id} message={data.message} account={data.account} />}
          <Tags item={data} />
          <Notes itemId={id} />
          <EarlierMails itemId={id} />
          <WhyHere item={data} />
          {mayRetain && (
            <Anchor component={Link} to={`/admin/retention?item=${id}`} size="sm">
              {retention.onItem}
            </Anchor>
          )}
        </Stack>
      </div>
      {isNarrow && <ActionBarRoom />}
    </Stack>
  );
}
