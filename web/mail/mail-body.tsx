import './mail.css';
import { Button, Group, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../api/client.ts';
import { knownWord } from '../parts/known-word.ts';
import { Notice } from '../parts/notice.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { AttachmentList } from './attachment-list.tsx';
import type { FormattedMail } from './format-mail.ts';
import { LinkList } from './link-list.tsx';
import { LinkNotice } from './link-notice.tsx';
import { MailFrame } from './mail-frame.tsx';
import { MailWarnings } from './mail-warnings.tsx';
import { PlainMail } from './plain-mail.tsx';
import { needsFixedWidth } from './plain-parts.ts';
import { isForwarded } from './quote-marks.ts';
import { RemoteImageNotice, useImageSender } from './remote-image-notice.tsx';
import { SpecialContent } from './special-content.tsx';

interface MailBodyProps {
  /** The item under which the API has the pictures of this message. */
  readonly itemId: string;
  readonly message: Schemas['Message'];
}

/**
 * Characters of text that are shown: a busy browser needs seconds to lay out a million. Agents read the first pages.
 */
const MOST_SHOWN_CHARACTERS = 200_000;

/** The message: formatted where that is safe, otherwise as text. */
export function MailBody({ itemId, message }: MailBodyProps) {
  const { html, htmlBytes, text, textForm, subject, from, attachments } = message;
  const { item: words, mail: mailWords } = useDeskWords();
  const [showsText, setShowsText] = useState(() => isConvertedText(html));
  const [isImagesAsked, setImagesAsked] = useState(false);
  const [isFixedWidth, setFixedWidth] = useState(() => needsFixedWidth(text));
  const [mail, setMail] = useState<Exclude<FormattedMail, 'cancelled'>>();
  const form = textForm === 'whole' && text.length > MOST_SHOWN_CHARACTERS ? 'cut' : textForm;
  const isLeftOut = html === null && htmlBytes !== null;
  const refused = mail && 'refused' in mail ? mail.refused : isLeftOut ? 'too-complex' : undefined;
  const shown = mail && 'pictures' in mail ? mail : undefined;
  const remoteImages = shown?.pictures.filter(({ source }) => 'url' in source).length ?? 0;
  const isRemembered = useImageSender(itemId, remoteImages > 0).data?.remembered === true;
  const isFormatted = html !== null && refused === undefined;
  const showsImages = isImagesAsked || isRemembered;
  const pathOf = `/api/v1/items/${itemId}`;

  /** The Content-ID in the HTML and that of the attachment may differ in case, and in what mail programs add. */
  function attachedPicture(contentId: string): string | undefined {
    const isIt = (other: string | null) => other !== null && other.toLowerCase() === contentId.toLowerCase();
    const found =
      attachments.find((each) => isIt(each.contentId)) ??
      attachments.find((each) => isIt(each.name) || isIt(`${each.name}@${contentId.split('@')[1]}`));
    return found && `${pathOf}/attachments/${found.id}?as=picture`;
  }

  return (
    <section className="panel mail-panel" aria-labelledby="body">
      <Group justify="space-between" className="panel-body" py="xs">
        <Title order={2} id="body">
          {words.body}
        </Title>
        <Group gap="xs">
          {(!isFormatted || showsText) && text.trim() !== '' && (
            <Button
              size="compact-sm"
              variant={isFixedWidth ? 'light' : 'default'}
              aria-pressed={isFixedWidth}
              onClick={() => setFixedWidth(!isFixedWidth)}
            >
              {mailWords.fixedWidth}
            </Button>
          )}
          {isFormatted && (
            <Button size="compact-sm" variant="default" onClick={() => setShowsText(!showsText)}>
              {showsText ? words.asHtml : words.asText}
            </Button>
          )}
        </Group>
      </Group>
      <MailWarnings message={message} />
      <SpecialContent itemId={itemId} message={message} />
      <AttachmentList itemId={itemId} message={message} />
      {refused !== undefined && text.trim() !== '' && (
        <Notice tone="warn">{refused === 'too-complex' ? words.tooComplex : words.unreadable}</Notice>
      )}
      {isFormatted && !showsText ? (
        <>
          {shown && (
            <>
              <LinkNotice links={shown.links} />
              <RemoteImageNotice
                itemId={itemId}
                sender={from?.address}
                images={remoteImages}
                trackingPixels={shown.trackingPixels}
                isShown={showsImages}
                onShow={() => setImagesAsked(true)}
              />
            </>
          )}
          <MailFrame
            html={html}
            subject={subject}
            expectedHeight={heightOf(text)}
            attachedPicture={attachedPicture}
            remotePicture={showsImages ? (url) => `${pathOf}/images?url=${encodeURIComponent(url)}` : undefined}
            onFormatted={setMail}
          />
          {shown && <LinkList links={shown.links} />}
        </>
      ) : text.trim() === '' ? (
        <Text size="sm" c="dimmed" className="mail-text">
          {words.noText}
        </Text>
      ) : (
        <>
          {form !== 'whole' && <Notice tone="warn">{knownWord(words.textForms, form)}</Notice>}
          <PlainMail
            text={text.slice(0, MOST_SHOWN_CHARACTERS)}
            isFixedWidth={isFixedWidth}
            isOpen={isForwarded(subject)}
          />
        </>
      )}
    </section>
  );
}

/** Exchange makes HTML of plain text, and says so. */
function isConvertedText(html: string | null): boolean {
  return html !== null && /<!--\s*converted from text\s*-->/i.test(html.slice(0, 2_000));
}

/** The approximate height of a text, so that content below a short mail does not jump. At most 240 pixels. */
function heightOf(text: string): number {
  const lines = text.slice(0, 1_000).split('\n');
  return Math.min(240, 32 + 20 * lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 45)), 0));
}
