import './offers.css';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { useSecondsUntil } from '../answers/use-seconds-until.ts';
import { api, type Schemas, take } from '../api/client.ts';
import { Clamped } from '../parts/clamped.tsx';
import { knownWord } from '../parts/known-word.ts';
import { Notice } from '../parts/notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { shownSubject } from '../parts/shown-subject.ts';
import { QUEUES } from '../queues/queues-query.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { useShortcuts } from '../shell/shortcuts.tsx';
import { AVAILABILITY, type Availability } from './availability-query.ts';
import { useChooseAvailability } from './use-choose-availability.ts';
import { useMarkedTitle } from './use-marked-title.ts';
import { useOpenPageReports } from './use-open-page-reports.ts';

type Offer = Schemas['Offer'];

/** Also on keyboards of other languages without another key. */
const ACCEPT = '+';
const DECLINE = '-';

/** What is offered to the user, and that the user was set away. */
export function OfferPanel({ availability }: { readonly availability: Availability }) {
  const { offers: words } = useDeskWords();
  const { offers, state, because } = availability;
  useOpenPageReports(state === 'available');
  const [first] = offers;
  useMarkedTitle(first && `● ${words.tab} · `);
  const seconds = first ? Math.round((Date.parse(first.expiresAt) - Date.parse(first.offeredAt)) / 1_000) : 0;
  const away = state === 'away' && because !== null && because !== 'chosen' ? because : undefined;
  return (
    <>
      {/* Always there, so that screen readers notice what comes into it. */}
      <p className="visually-hidden" role="alert">
        {first &&
          words.offered(
            shownSubject(first.item.subject, words.noSubject),
            senderOf(first) ?? words.unknownSender,
            first.item.queue?.name ?? '',
            seconds,
          )}
        {away && knownWord(words.away, away)}
      </p>
      {first && <Offered key={first.id} offer={first} others={offers.length - 1} />}
      {away && !first && <SetAway because={away} />}
    </>
  );
}

function senderOf({ item: { from } }: Offer): string | undefined {
  return from?.name ?? from?.address;
}

function Offered({ offer, others }: { readonly offer: Offer; readonly others: number }) {
  const { offers: words } = useDeskWords();
  const announce = useAnnounce();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const left = useSecondsUntil(offer.expiresAt) ?? 0;
  const params = { path: { id: offer.id } };
  const refresh = () => {
    void queryClient.invalidateQueries({ queryKey: AVAILABILITY });
    void queryClient.invalidateQueries({ queryKey: QUEUES });
  };
  const accept = useMutation({
    mutationFn: () => take(api.POST('/api/v1/offers/{id}/accept', { params })),
    onSuccess: (item) => {
      queryClient.setQueryData(['item', item.id], item);
      void navigate(`/items/${item.id}`);
    },
    onSettled: refresh,
  });
  const decline = useMutation({
    mutationFn: () => take(api.POST('/api/v1/offers/{id}/decline', { params })),
    onSuccess: () => announce(words.declined),
    onSettled: refresh,
  });
  const isFree = !accept.isPending && !decline.isPending && left > 0;
  useShortcuts([
    isFree && { key: ACCEPT, label: words.acceptKey, run: () => accept.mutate() },
    isFree && { key: DECLINE, label: words.declineKey, run: () => decline.mutate() },
  ]);
  const { subject, queue } = offer.item;
  return (
    <section className="offers" aria-label={words.title}>
      <Stack gap="xs">
        <Group justify="space-between" gap="sm" wrap="nowrap">
          <Text size="xs" c="dimmed">
            {words.title}
            {others > 0 && `, ${words.more(others)}`}
          </Text>
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {words.secondsLeft(left)}
          </Text>
        </Group>
        <Text fw={600} className="subject" component="div">
          <Clamped lines={2}>{shownSubject(subject, words.noSubject)}</Clamped>
        </Text>
        <Text size="sm" c="dimmed" className="subject">
          <bdi>{senderOf(offer) ?? words.unknownSender}</bdi>
          {queue && ` · ${queue.name}`}
        </Text>
        <Group gap="sm">
          <Button
            size="xs"
            onClick={() => accept.mutate()}
            loading={accept.isPending}
            disabled={!isFree}
            aria-keyshortcuts="Plus"
          >
            {words.accept} ({ACCEPT})
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => decline.mutate()}
            loading={decline.isPending}
            disabled={!isFree}
            aria-keyshortcuts={DECLINE}
          >
            {words.decline} ({DECLINE})
          </Button>
        </Group>
        <RequestNotice request={accept.error ? accept : decline} />
      </Stack>
    </section>
  );
}

/** Why nothing is offered to the user any more, until the user decides: above the page, which stays usable. */
function SetAway({ because }: { readonly because: string }) {
  const { offers: words } = useDeskWords();
  const choose = useChooseAvailability();
  return (
    <section className="set-away" aria-label={words.availability}>
      <Notice
        tone="warn"
        actions={
          <>
            <Button size="compact-sm" onClick={() => choose.mutate('available')} disabled={choose.isPending}>
              {words.becomeAvailable}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => choose.mutate('away')}
              disabled={choose.isPending}
            >
              {words.stayAway}
            </Button>
          </>
        }
      >
        {knownWord(words.away, because)}
      </Notice>
      <RequestNotice request={choose} />
    </section>
  );
}
