import { Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../api/client.ts';
import { Clamped } from '../parts/clamped.tsx';
import { formatMoment } from '../parts/moment.tsx';
import { Notice } from '../parts/notice.tsx';
import { shownSubject } from '../parts/shown-subject.ts';
import { UnfoldingList } from '../parts/unfolding-list.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { type ContentSource, partAddress } from './content-source.ts';
import { FileRow } from './file-row.tsx';
import type { FormattedMail } from './format-mail.ts';
import { LinkNotice } from './link-notice.tsx';
import { MailFrame } from './mail-frame.tsx';
import { People } from './people.tsx';
import { PlainMail } from './plain-mail.tsx';

type Attached = Schemas['AttachedMessage'];

interface AttachedMailProps {
  readonly mail: Attached;
  readonly source: ContentSource;
  /** What stands above: not repeated where it is the subject, as attached mails of Outlook are named. */
  readonly name: string | undefined;
  readonly onOpen: (part: string, name: string) => void;
}

/** Height reserved until the mail is shown, in pixels. */
const EXPECTED_HEIGHT = 160;

/** A mail inside a mail, behind the same walls. Its remote images are not loaded: only those of the outer mail are. */
export function AttachedMail({ mail, source, name, onOpen }: AttachedMailProps) {
  const { item: words, mail: mailWords } = useDeskWords();
  const { queues, locale } = useWords();
  const [formatted, setFormatted] = useState<Exclude<FormattedMail, 'cancelled'>>();
  const { from, html, text, subject, sentAt, attachments } = mail;
  const isRefused = formatted !== undefined && 'refused' in formatted;
  const links = formatted && 'links' in formatted ? formatted.links : [];

  function attachedPicture(contentId: string): string | undefined {
    const found = attachments.find((each) => each.contentId?.toLowerCase() === contentId.toLowerCase());
    return found && partAddress(source, found.part, 'picture');
  }

  return (
    <article className="attached-mail">
      {subject !== name && (
        <Title order={3}>
          <Clamped lines={3}>
            <bdi>{shownSubject(subject, queues.noSubject)}</bdi>
          </Clamped>
        </Title>
      )}
      <dl className="facts">
        <dt>{mailWords.from}</dt>
        <dd>{from ? <People people={[from]} /> : queues.noSender}</dd>
        {(['to', 'cc', 'replyTo'] as const).map(
          (kind) =>
            mail[kind].length > 0 && (
              <div key={kind} style={{ display: 'contents' }}>
                <dt>{mailWords[kind]}</dt>
                <dd>
                  <People people={mail[kind]} />
                </dd>
              </div>
            ),
        )}
        {sentAt !== null && (
          <>
            <dt>{words.sent}</dt>
            <dd>{formatMoment(sentAt, locale)}</dd>
          </>
        )}
      </dl>
      {isRefused && <Notice tone="warn">{words.unreadable}</Notice>}
      <LinkNotice links={links} />
      {html !== null && !isRefused ? (
        <MailFrame
          html={html}
          subject={subject}
          expectedHeight={EXPECTED_HEIGHT}
          attachedPicture={attachedPicture}
          remotePicture={undefined}
          onFormatted={setFormatted}
        />
      ) : text.trim() === '' ? (
        <Text size="sm" c="dimmed">
          {words.noText}
        </Text>
      ) : (
        <PlainMail text={text} isFixedWidth={false} isOpen={false} />
      )}
      <Parts attachments={attachments} source={source} onOpen={onOpen} />
    </article>
  );
}

function Parts({
  attachments,
  source,
  onOpen,
}: Pick<AttachedMailProps, 'source' | 'onOpen'> & Pick<Attached, 'attachments'>) {
  const { mail: words } = useDeskWords();
  const files = attachments.filter(({ isInline }) => !isInline);
  return (
    <UnfoldingList rows={files} label={words.attachments(files.length)}>
      {(file) => (
        <FileRow
          key={file.part}
          file={file}
          icon={file.preview === 'message' ? 'mail' : 'clip'}
          address={partAddress(source, file.part, 'true')}
          onOpen={file.preview === null || file.preview === 'picture' ? undefined : (name) => onOpen(file.part, name)}
        />
      )}
    </UnfoldingList>
  );
}
