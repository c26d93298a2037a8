import { Anchor, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import type { Schemas } from '../api/client.ts';
import { Address } from '../parts/address.tsx';
import { formatSize } from '../parts/format-size.ts';
import { formatMoment, Moment } from '../parts/moment.tsx';
import { useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';

/** Longer lists of addresses end with the number of the others. */
const NAMED = 10;

interface MessageFactsProps {
  readonly message: Schemas['Message'];
  readonly account: Schemas['Item']['account'];
}

/** Sender, recipients, times, attachments, and all headers on demand. */
export function MessageFacts({ message, account }: MessageFactsProps) {
  const { item: words, queues, locale } = useWords();
  const maySeeAccounts = useMay('accounts.read');
  const { recipients, headers, attachments, unreadAttachments, internetMessageId, sentAt, leftOut } = message;
  const isScanned = unreadAttachments?.code === 'scan-in-progress';
  return (
    <section className="panel panel-body">
      <dl className="facts">
        <dt>{words.from}</dt>
        <dd>{message.from ? <People people={[message.from]} /> : queues.noSender}</dd>
        {(['to', 'cc', 'replyTo'] as const).map(
          (kind) =>
            recipients[kind].length > 0 && (
              <div key={kind} style={{ display: 'contents' }}>
                <dt>{words[kind]}</dt>
                <dd>
                  <People people={recipients[kind]} leftOut={leftOut[kind]} />
                </dd>
              </div>
            ),
        )}
        <dt>{words.received}</dt>
        <dd>
          <Moment time={message.receivedAt} />
          {sentAt !== null && (
            <Text span size="sm" c="dimmed">
              {' '}
              ({words.sent} <Moment time={sentAt} />)
            </Text>
          )}
          {message.copies.map(({ foundAt }) => (
            <Text key={foundAt} size="xs" c="dimmed">
              {words.cameAgain(formatMoment(foundAt, locale))}
            </Text>
          ))}
        </dd>
        <dt>{words.account}</dt>
        <dd>
          {maySeeAccounts ? (
            <Anchor component={Link} to={`/config/email/accounts/${account.id}`} size="sm">
              <Address>{account.address}</Address>
            </Anchor>
          ) : (
            <Address>{account.address}</Address>
          )}
        </dd>
        {unreadAttachments !== null && (
          <>
            <dt>{words.attachments}</dt>
            <dd>
              {isScanned ? words.attachmentsScanned : words.attachmentsUnread}
              {unreadAttachments.code !== null && !isScanned && (
                <Text span size="xs" c="dimmed">
                  {' '}
                  ({unreadAttachments.code})
                </Text>
              )}
            </dd>
          </>
        )}
        {attachments.length > 0 && (
          <>
            <dt>{words.attachments}</dt>
            <dd>
              <ul className="plain-list">
                {attachments.map(({ id, name, size }) => (
                  <li key={id}>
                    <bdi>{name}</bdi>{' '}
                    <Text span size="xs" c="dimmed">
                      {formatSize(size, locale)}
                    </Text>
                  </li>
                ))}
                {leftOut.attachments !== undefined && <li>{words.more(leftOut.attachments)}</li>}
              </ul>
              <Text size="xs" c="dimmed">
                {words.attachmentNote}
              </Text>
            </dd>
          </>
        )}
      </dl>
      {headers !== null && headers.length > 0 && (
        <details className="headers">
          <summary>{words.headers}</summary>
          <Title order={3} className="visually-hidden">
            {words.headers}
          </Title>
          <dl className="facts">
            {internetMessageId !== null && (
              <>
                <dt>{words.messageId}</dt>
                <dd>{internetMessageId}</dd>
              </>
            )}
            {headers.map(({ name, value }, position) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: headers repeat, and never change.
              <div key={position} style={{ display: 'contents' }}>
                <dt>{name}</dt>
                <dd>
                  <bdi>{value}</bdi>
                </dd>
              </div>
            ))}
          </dl>
          {leftOut.headers !== undefined && <Text size="sm">{words.more(leftOut.headers)}</Text>}
        </details>
      )}
    </section>
  );
}

interface PeopleProps {
  readonly people: readonly Schemas['Correspondent'][];
  /** The number of further ones that were not stored. */
  readonly leftOut?: number | undefined;
}

function People({ people, leftOut = 0 }: PeopleProps) {
  const { item: words } = useWords();
  const more = Math.max(0, people.length - NAMED) + leftOut;
  return (
    <ul className="plain-list">
      {people.slice(0, NAMED).map(({ name, address = '' }, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an address may be listed twice, and the list never changes.
        <li key={position}>
          {name !== undefined && name !== address && (
            <>
              <bdi>{name}</bdi>{' '}
            </>
          )}
          <bdi className={name === undefined || name === address ? undefined : 'dimmed'}>
            <Address>{address}</Address>
          </bdi>
        </li>
      ))}
      {more > 0 && <li>{words.more(more)}</li>}
    </ul>
  );
}
