import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { formatSize } from '../parts/format-size.ts';
import { Icon } from '../parts/icon.tsx';
import { knownWord } from '../parts/known-word.ts';
import { StatusLabel } from '../parts/status-label.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { ContentDialog } from './content-dialog.tsx';
import { PictureDialog } from './picture-dialog.tsx';
import { shownName } from './shown-name.ts';

type Message = Pick<Schemas['Message'], 'attachments' | 'unreadAttachments' | 'leftOut' | 'html'>;
type Attachment = Message['attachments'][number];

interface AttachmentListProps {
  readonly itemId: string;
  readonly message: Message;
}

/** What is attached to a mail, with its dangers, to be opened or downloaded. */
export function AttachmentList({ itemId, message }: AttachmentListProps) {
  const { item: words } = useWords();
  const { mail } = useDeskWords();
  const { attachments, unreadAttachments, leftOut, html } = message;
  const isInText = ({ contentId }: Attachment) => contentId !== null && html?.includes(`cid:${contentId}`) === true;
  const files = attachments.filter((each) => !isInText(each));
  const pictures = attachments.filter(isInText);
  if (attachments.length === 0 && unreadAttachments === null) return null;
  const isScanned = unreadAttachments?.code === 'scan-in-progress';
  return (
    <section className="mail-attachments" aria-label={words.attachments}>
      {unreadAttachments !== null && (
        <Text size="sm">
          {isScanned ? words.attachmentsScanned : words.attachmentsUnread}
          {unreadAttachments.code !== null && !isScanned && ` (${unreadAttachments.code})`}
        </Text>
      )}
      {files.length > 0 && (
        <Group justify="space-between" gap="xs">
          <Text size="sm" c="dimmed">
            {mail.attachments(files.length + (leftOut.attachments ?? 0))}
          </Text>
          {attachments.length > 1 && (
            <Anchor href={`/api/v1/items/${itemId}/attachments.zip`} download size="sm">
              {mail.allAsZip}
            </Anchor>
          )}
        </Group>
      )}
      <Files itemId={itemId} attachments={files} />
      {leftOut.attachments !== undefined && <Text size="sm">{words.more(leftOut.attachments)}</Text>}
      {pictures.length > 0 && (
        <details>
          <summary>{mail.inText(pictures.length)}</summary>
          <Files itemId={itemId} attachments={pictures} />
        </details>
      )}
    </section>
  );
}

function Files({ itemId, attachments }: { readonly itemId: string; readonly attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <ul className="plain-list">
      {attachments.map((attachment) => (
        <File key={attachment.id} attachment={attachment} itemId={itemId} />
      ))}
    </ul>
  );
}

function File({ attachment, itemId }: { readonly attachment: Attachment; readonly itemId: string }) {
  const address = `/api/v1/items/${itemId}/attachments/${attachment.id}`;
  const { locale } = useWords();
  const { mail: words } = useDeskWords();
  const [dialog, setDialog] = useState<'picture' | 'content' | 'risk'>();
  const { kind, preview, risk, scan, size } = attachment;
  const name = shownName(attachment.name) || words.noName;
  const isWithheld = scan?.verdict === 'infected';
  const riskWords = risk !== null && risk in words.riskWords ? knownWord(words.riskWords, risk) : undefined;
  return (
    <li className="attachment">
      <Icon name={kind === 'item' ? 'mail' : kind === 'reference' ? 'out' : 'clip'} />
      <div className="attachment-name">
        <bdi title={attachment.name === name ? undefined : shownName(attachment.name)}>{name}</bdi>{' '}
        <Text span size="xs" c="dimmed">
          {formatSize(size, locale)}
          {kind !== 'file' && `, ${knownWord(words.kinds, kind)}`}
          {scan !== null && `, ${knownWord(words.scans, scan.verdict)}`}
        </Text>
        {risk !== null && (
          <StatusLabel tone={risk === 'archive' ? 'idle' : isWithheld ? 'bad' : 'warn'}>
            {knownWord(words.risks, risk)}
          </StatusLabel>
        )}
      </div>
      {kind !== 'reference' && !isWithheld && (
        <Group gap={4} wrap="nowrap">
          {preview !== null && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={words.openOf(name)}
              onClick={() => setDialog(preview === 'picture' ? 'picture' : 'content')}
            >
              {words.open}
            </Button>
          )}
          {riskWords === undefined ? (
            <Button
              component="a"
              href={address}
              download
              size="compact-sm"
              variant="default"
              aria-label={words.downloadOf(name)}
            >
              {words.download}
            </Button>
          ) : (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={words.downloadOf(name)}
              onClick={() => setDialog('risk')}
            >
              {words.download}
            </Button>
          )}
        </Group>
      )}
      {dialog === 'picture' && <PictureDialog name={name} address={address} onClose={() => setDialog(undefined)} />}
      {dialog === 'content' && (
        <ContentDialog
          source={{ itemId, attachmentId: attachment.id }}
          name={name}
          onClose={() => setDialog(undefined)}
        />
      )}
      {dialog === 'risk' && (
        <Dialog title={name} onClose={() => setDialog(undefined)}>
          <Stack gap="md">
            <Text size="sm">
              {riskWords} {words.riskAdvice}
            </Text>
            <Group justify="flex-end">
              <Button component="a" href={address} download color="red" onClick={() => setDialog(undefined)}>
                {words.downloadAllTheSame}
              </Button>
            </Group>
          </Stack>
        </Dialog>
      )}
    </li>
  );
}
