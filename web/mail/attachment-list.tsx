import { Anchor, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../api/client.ts';
import { knownWord } from '../parts/known-word.ts';
import { UnfoldingList } from '../parts/unfolding-list.tsx';
import { DownloadNotice, useDownload } from '../parts/use-download.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { ContentDialog } from './content-dialog.tsx';
import { FileRow } from './file-row.tsx';
import { PictureDialog } from './picture-dialog.tsx';

type Message = Pick<Schemas['Message'], 'attachments' | 'unreadAttachments' | 'leftOut' | 'html'>;
type Attachment = Message['attachments'][number];

interface AttachmentListProps {
  readonly itemId: string;
  readonly message: Message;
}

/** What is attached to a mail, with its dangers, to be opened or downloaded. */
export function AttachmentList({ itemId, message }: AttachmentListProps) {
  const { item: words, mail } = useDeskWords();
  const { attachments, unreadAttachments, leftOut, html } = message;
  const isInText = ({ contentId }: Attachment) => contentId !== null && html?.includes(`cid:${contentId}`) === true;
  const zip = useDownload(`/api/v1/items/${itemId}/attachments.zip`);
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
            <Anchor {...zip.link} size="sm">
              {mail.allAsZip}
            </Anchor>
          )}
        </Group>
      )}
      <DownloadNotice download={zip} />
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
  return (
    <UnfoldingList rows={attachments}>
      {(attachment) => <File key={attachment.id} attachment={attachment} itemId={itemId} />}
    </UnfoldingList>
  );
}

function File({ attachment, itemId }: { readonly attachment: Attachment; readonly itemId: string }) {
  const address = `/api/v1/items/${itemId}/attachments/${attachment.id}`;
  const { mail: words } = useDeskWords();
  const [opened, setOpened] = useState<string>();
  const { kind, preview, scan } = attachment;
  const isWithheld = scan?.verdict === 'infected';
  const isFile = kind !== 'reference' && !isWithheld;
  const close = () => setOpened(undefined);
  return (
    <>
      <FileRow
        file={attachment}
        icon={kind === 'item' ? 'mail' : kind === 'reference' ? 'out' : 'clip'}
        notes={[
          ...(kind === 'file' ? [] : [knownWord(words.kinds, kind)]),
          ...(scan === null ? [] : [knownWord(words.scans, scan.verdict)]),
        ]}
        isInfected={isWithheld}
        address={isFile ? address : undefined}
        onOpen={isFile && preview !== null ? setOpened : undefined}
      />
      {opened !== undefined &&
        (preview === 'picture' ? (
          <PictureDialog name={opened} address={address} onClose={close} />
        ) : (
          <ContentDialog source={{ itemId, attachmentId: attachment.id }} name={opened} onClose={close} />
        ))}
    </>
  );
}
