import { Anchor, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import type { Schemas } from '../api/client.ts';
import { Address } from '../parts/address.tsx';
import { knownWord } from '../parts/known-word.ts';
import { formatMoment, Moment } from '../parts/moment.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { otherAuthors } from './other-authors.ts';
import { OutlookLink } from './outlook-link.tsx';
import { People } from './people.tsx';

type Correspondent = Schemas['Correspondent'];

interface MessageFactsProps {
  readonly itemId: string;
  readonly message: Schemas['Message'];
  readonly account: Schemas['Item']['account'];
}

/** Sender, recipients, times, authentication, and all headers on demand. */
export function MessageFacts({ itemId, message, account }: MessageFactsProps) {
  const { item: words, mail } = useDeskWords();
  const { queues, locale } = useWords();
  const maySeeAccounts = useMay('accounts.read');
  const { recipients, headers, internetMessageId, sentAt, leftOut, from, sender, authentication } = message;
  const isSame = (one: Correspondent | null, other: Correspondent | null) =>
    one?.address?.toLowerCase() === other?.address?.toLowerCase();
  const authors = otherAuthors(message);
  const answersElsewhere = recipients.replyTo.some((each) => !isSame(each, from));
  const methods = authentication
    ? (['spf', 'dkim', 'dmarc'] as const).flatMap((method) => {
        const found = authentication[method];
        return found ? `${method.toUpperCase()}: ${found.result}${found.domain ? ` (${found.domain})` : ''}` : [];
      })
    : [];
  return (
    <section className="panel panel-body">
      <dl className="facts">
        <dt>{mail.from}</dt>
        <dd>{from ? <People people={[from]} /> : queues.noSender}</dd>
        {authors.length > 0 && (
          <>
            <dt>{mail.alsoFrom}</dt>
            <dd>
              <People people={authors} />
            </dd>
          </>
        )}
        {sender !== null && !isSame(sender, from) && (
          <>
            <dt>{mail.sentBy}</dt>
            <dd>
              <People people={[sender]} />
            </dd>
          </>
        )}
        {(['replyTo', 'to', 'cc', 'bcc'] as const).map(
          (kind) =>
            recipients[kind].length > 0 &&
            (kind !== 'replyTo' || answersElsewhere) && (
              <div key={kind} style={{ display: 'contents' }}>
                <dt>{mail[kind]}</dt>
                <dd>
                  <People people={recipients[kind]} leftOut={leftOut[kind]} />
                </dd>
              </div>
            ),
        )}
        {message.importance !== 'normal' && (
          <>
            <dt>{mail.importance}</dt>
            <dd>{knownWord(mail.importances, message.importance)}</dd>
          </>
        )}
        {message.categories.length > 0 && (
          <>
            <dt>{mail.categories}</dt>
            <dd>
              <bdi>{message.categories.join(', ')}</bdi>
            </dd>
          </>
        )}
        {authentication !== null && (
          <>
            <dt>{mail.authentication}</dt>
            <dd>
              {mail.verdicts[authentication.verdict]}
              <Text size="xs" c="dimmed">
                {methods.join(' · ')}
              </Text>
            </dd>
          </>
        )}
        <dt>{words.received}</dt>
        <dd>
          <Moment time={message.receivedAt} />
          {sentAt !== null && (
            <Text size="sm" c="dimmed">
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
      </dl>
      <div className="headers">
        <OutlookLink itemId={itemId} webLink={message.webLink} />
      </div>
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
