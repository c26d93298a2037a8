import './outbox.css';
import { Anchor, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useNavigate } from 'react-router';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { useShortcuts } from '../shell/shortcuts.tsx';
import { type Answer, outboxQuery } from './answers-query.ts';
import { useAnswerAct } from './use-answer-act.tsx';
import { useSecondsUntil } from './use-seconds-until.ts';

/** One's own answers that can still be undone, and those that were not sent. On the page of their item they stand there. */
export function OutboxBar() {
  const { answers: words } = useDeskWords();
  const { pathname } = useLocation();
  const { data = [] } = useQuery(outboxQuery);
  const elsewhere = data.filter(({ itemId }) => pathname !== `/items/${itemId}`);
  const scheduled = elsewhere.filter(({ state }) => state === 'scheduled');
  const failed = elsewhere.filter(({ state }) => state === 'failed' || state === 'unknown');
  const [first] = failed;
  if (scheduled.length === 0 && !first) return null;
  return (
    <section className="outbox" aria-label={words.outbox}>
      {scheduled.map((answer) => (
        <Scheduled key={answer.id} answer={answer} />
      ))}
      {first && (
        <div className="announcement" role="status">
          <Group gap="sm" justify="space-between" wrap="nowrap">
            <Text size="sm">{words.problems(failed.length)}</Text>
            <Anchor component={Link} to={`/items/${first.itemId}`} size="sm" c="inherit" underline="always">
              {words.show}
            </Anchor>
          </Group>
        </div>
      )}
    </section>
  );
}

function Scheduled({ answer }: { readonly answer: Answer }) {
  const { answers: words } = useDeskWords();
  const navigate = useNavigate();
  const left = useSecondsUntil(answer.sendAt) ?? 0;
  const act = useAnswerAct(answer, (draft) => void navigate(`/items/${answer.itemId}`, { state: { draft } }));
  useShortcuts([left > 0 && !act.isPending && { key: 'z', label: words.undoSending, run: () => act.mutate('undo') }]);
  const [to] = [...answer.to, ...answer.cc, ...answer.bcc];
  if (left === 0 && !act.isPending) return null;
  return (
    <div className="announcement">
      <Group gap="sm" justify="space-between" wrap="nowrap">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {left === 0 ? words.undoing : words.sendsIn(left)}
          {left > 0 && to && ` ${words.sentTo(to.name ?? to.address)}`}
        </Text>
        <Button
          size="compact-sm"
          variant="white"
          onClick={() => act.mutate('undo')}
          loading={act.isPending}
          title={words.shortcut(words.undo, 'Z')}
          aria-keyshortcuts="z"
        >
          {words.undo}
        </Button>
      </Group>
      <RequestNotice request={act} />
    </div>
  );
}
