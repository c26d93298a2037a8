import { Anchor, Text } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { Clamped } from '../parts/clamped.tsx';
import { knownWord } from '../parts/known-word.ts';
import { shownSubject } from '../parts/shown-subject.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { formatEventTime, formatOfSeries, formatRecurrence } from './format-event.ts';
import { People } from './people.tsx';

/** What an invitation, its cancellation or an answer to it says: when, where, by whom. */
export function InvitationFacts({ invitation }: { readonly invitation: Schemas['Invitation'] }) {
  const { locale, queues } = useWords();
  const { mail: words } = useDeskWords();
  const { method, summary, description, comment, location, link, organizer, attendees, recurrence, start } = invitation;
  const when = formatEventTime(invitation, locale, words.event);
  return (
    <>
      <Text size="sm" fw={600} component="div" style={{ overflowWrap: 'anywhere' }}>
        <Clamped lines={3}>
          {knownWord(words.event.methods, method ?? 'PUBLISH')}: <bdi>{shownSubject(summary, queues.noSubject)}</bdi>
        </Clamped>
      </Text>
      <dl className="facts">
        {when.map(({ zone, time }) => (
          <div key={zone ?? ''} style={{ display: 'contents' }}>
            <dt>{zone !== undefined ? words.event.whenIn(zone) : start ? words.event.when : words.event.due}</dt>
            <dd>{time}</dd>
          </div>
        ))}
        {recurrence !== null && (
          <>
            <dt>{words.event.repeats}</dt>
            <dd>{formatRecurrence(recurrence, locale, words.event)}</dd>
          </>
        )}
        {invitation.replaces !== null && (
          <>
            <dt>{words.event.series}</dt>
            <dd>{formatOfSeries(invitation, locale, words.event)}</dd>
          </>
        )}
        {location !== '' && (
          <>
            <dt>{words.event.where}</dt>
            <dd>
              <bdi>{location}</bdi>
            </dd>
          </>
        )}
        {link !== null && (
          <>
            <dt>{words.event.online}</dt>
            <dd>
              <Anchor href={link} target="_blank" rel="noopener noreferrer nofollow" size="sm">
                {new URL(link).host}
              </Anchor>
            </dd>
          </>
        )}
        {organizer !== null && (
          <>
            <dt>{words.event.organizer}</dt>
            <dd>
              <People people={[organizer]} />
            </dd>
          </>
        )}
        {attendees.length > 0 && (
          <>
            <dt>{words.event.attendees}</dt>
            <dd>
              <People people={attendees} />
            </dd>
          </>
        )}
        {comment !== '' && (
          <>
            <dt>{words.event.comment}</dt>
            <dd className="event-description">
              <bdi>{comment}</bdi>
            </dd>
          </>
        )}
      </dl>
      {description.trim() !== '' && (
        <Text size="sm" className="event-description">
          <bdi>{description}</bdi>
        </Text>
      )}
    </>
  );
}
