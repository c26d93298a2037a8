import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Schemas } from '../api/client.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import type { Shortcut } from '../shell/shortcut.ts';
import { useShortcuts } from '../shell/shortcuts.tsx';
import { useOwnActor } from './item-lease.tsx';
import { MoveDialog } from './move-dialog.tsx';
import { ParkDialog } from './park-dialog.tsx';
import { queueQuery } from './queues-query.ts';
import { ReopenDialog } from './reopen-dialog.tsx';
import { UnsentDialog } from './unsent-dialog.tsx';
import { useClaimNext } from './use-claim-next.tsx';
import { useDesk } from './use-desk.ts';
import type { ItemStep, useItemAct } from './use-item-act.tsx';

type ItemWithMessage = Schemas['ItemWithMessage'];
type Completing = Extract<ItemStep, { kind: 'complete' }>;

interface ItemActionsProps {
  readonly item: ItemWithMessage;
  readonly act: ReturnType<typeof useItemAct>;
  /** The list that the item was opened from. */
  readonly list: string;
  /**
   * Places the buttons. Their place depends on the width of the window; what is open, and what was written in it, does
   * not: a telephone may be turned.
   */
  readonly children: (buttons: ReactNode) => ReactNode;
}

/** The user's actions for an item, each with a key, and their dialogs. */
export function ItemActions({ item, act, list, children }: ItemActionsProps) {
  const { item: words, work } = useDeskWords();
  const { queues } = useWords();
  const own = useOwnActor();
  const navigate = useNavigate();
  const mayWork = useMay('items.work');
  const maySupervise = useMay('items.supervise');
  const [open, setOpen] = useState<'park' | 'move' | 'reopen'>();
  const desk = useDesk(item);
  const claimNext = useClaimNext(desk?.id ?? '');
  const { outcomes, outcome, choose } = useOutcome(item);

  const isMine = item.state === 'claimed' && item.claim?.by === own;
  /** The holder of an expired reservation may still complete the item unless another has claimed it since. */
  const mayFinish = isMine || (item.lostClaim?.how === 'expired' && item.lostClaim.claimedBy === own);
  const isOnlyOffered = useIsOnlyOffered(item);
  const isKept = !isOnlyOffered || item.assignee?.by === own || item.parked?.by === own;
  const mayClaim = mayWork && isKept && (item.state === 'waiting' || item.state === 'parked');
  const isOpen = item.state === 'waiting' || item.state === 'claimed' || item.state === 'parked';
  const mayMove =
    mayWork &&
    (isOpen || item.state === 'unqueued') &&
    (item.state === 'claimed' ? isMine || maySupervise : isKept || maySupervise);
  const mayPark = mayWork && (mayClaim || isMine) && item.queue !== null;

  const completion = outcome === undefined ? {} : { outcome };
  const complete = () => act.mutate({ kind: 'complete', ...completion });
  const completeNext = () => act.mutate({ kind: 'complete', ...completion, follow: () => claimNext.mutateAsync() });
  const again = (decision: Pick<Completing, 'leavesDrafts' | 'discards'>) => {
    if (act.unsent) act.mutate({ ...act.unsent.step, ...decision });
  };
  const shortcut = (key: string, label: string, run: () => void): Shortcut => ({ key, label, run });
  const isFree = !act.isPending;
  useShortcuts([
    mayClaim && isFree && shortcut('c', work.keys.claim, () => act.mutate({ kind: 'claim' })),
    mayFinish && isFree && shortcut('e', work.keys.complete, complete),
    mayFinish && isFree && !isOnlyOffered && shortcut('d', work.keys.completeNext, completeNext),
    mayPark && shortcut('p', work.keys.park, () => setOpen('park')),
    mayMove && shortcut('m', work.keys.move, () => setOpen('move')),
    mayWork && desk !== null && !isOnlyOffered && shortcut('n', work.keys.next, () => claimNext.mutate()),
    shortcut('u', work.keys.back, () => void navigate(list)),
  ]);
  const button = (key: string) => ({ disabled: act.isPending, 'aria-keyshortcuts': key });
  const dialog = { item, onClose: () => setOpen(undefined) };
  const buttons = (
    <>
      {isMine && (
        <Button variant="default" onClick={() => act.mutate({ kind: 'claim' })} disabled={act.isPending}>
          {words.holdLonger}
        </Button>
      )}
      {item.state === 'claimed' && (isMine || maySupervise) && (
        <Button variant="default" onClick={() => act.mutate({ kind: 'release' })} disabled={act.isPending}>
          {words.release}
        </Button>
      )}
      {item.state === 'parked' && mayWork && (
        <Button variant="default" onClick={() => act.mutate({ kind: 'unpark' })} disabled={act.isPending}>
          {work.unpark}
        </Button>
      )}
      {item.state === 'joined' && mayWork && (
        <Button variant="default" onClick={() => act.mutate({ kind: 'separate' })} disabled={act.isPending}>
          {work.separate}
        </Button>
      )}
      {item.state === 'completed' && mayWork && (
        <Button variant="default" onClick={() => setOpen('reopen')}>
          {work.reopen}
        </Button>
      )}
      {mayMove && (
        <Button variant="default" onClick={() => setOpen('move')} {...button('m')}>
          {work.move}
        </Button>
      )}
      {mayPark && (
        <Button variant="default" onClick={() => setOpen('park')} {...button('p')}>
          {work.park}
        </Button>
      )}
      {mayClaim && (
        <Button
          variant={mayFinish ? 'default' : 'filled'}
          onClick={() => act.mutate({ kind: 'claim' })}
          loading={act.isPending && !mayFinish}
          {...button('c')}
        >
          {words.claim}
        </Button>
      )}
      {mayFinish && outcomes.length > 0 && (
        <NativeSelect
          aria-label={work.outcome}
          value={outcome ?? ''}
          onChange={(event) => choose(event.currentTarget.value)}
          data={[{ value: '', label: work.noOutcome }, ...outcomes]}
        />
      )}
      {mayFinish && (
        <>
          <Button onClick={complete} loading={act.isPending} aria-keyshortcuts="e">
            {words.complete}
          </Button>
          {desk !== null && !isOnlyOffered && (
            <Button variant="default" onClick={completeNext} {...button('d')} title={queues.claimNext}>
              {work.completeNext}
            </Button>
          )}
        </>
      )}
    </>
  );
  return (
    <>
      {children(buttons)}
      {act.unsent && (
        <UnsentDialog
          mayDiscard={act.unsent.isAllOwn}
          onDiscard={() => again({ discards: act.unsent?.own ?? [] })}
          onComplete={() => again({ leavesDrafts: true })}
          onClose={act.reset}
        />
      )}
      {open === 'park' && <ParkDialog {...dialog} />}
      {open === 'move' && <MoveDialog {...dialog} />}
      {open === 'reopen' && <ReopenDialog {...dialog} />}
    </>
  );
}

/** True where agents get the items of the queue only by offers. */
function useIsOnlyOffered({ queue }: ItemWithMessage): boolean {
  const { data } = useQuery({ ...queueQuery(queue?.id ?? ''), enabled: queue !== null });
  return data?.offers?.allowsClaims === false;
}

/** The outcomes of the item's queue, and the chosen one. */
function useOutcome({ queue }: ItemWithMessage) {
  const [outcome, setOutcome] = useState<string>();
  const { data } = useQuery({ ...queueQuery(queue?.id ?? ''), enabled: queue !== null });
  const choose = (value: string) => setOutcome(value === '' ? undefined : value);
  return { outcomes: data?.outcomes ?? [], outcome, choose };
}
