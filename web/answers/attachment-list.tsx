import { Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatSize } from '../parts/format-size.ts';
import { Icon } from '../parts/icon.tsx';
import { IconAction } from '../parts/icon-action.tsx';
import { ProblemWords } from '../parts/problem-words.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { DownloadNotice, useDownload } from '../parts/use-download.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import type { Draft } from './answers-query.ts';
import type { Attachments } from './use-attachments.ts';

/** Many mail servers take messages of 25 MB, in which files have a third more bytes than on a disk. */
const LARGE_BYTES = 18 * 1_024 * 1_024;

interface AttachmentListProps {
  readonly draft: Draft;
  readonly attachments: Attachments;
}

/** The files of an answer, and those that are on their way. Pictures in the text stand there. */
export function AttachmentList({ draft, attachments: { uploads, removal, bytes } }: AttachmentListProps) {
  const { common, locale } = useWords();
  const { answers: words } = useDeskWords();
  const files = draft.attachments.filter(({ isInline }) => !isInline);
  if (files.length === 0 && uploads.length === 0) return null;
  return (
    <div>
      <ul className="answer-files" aria-label={words.attachments}>
        {files.map(({ id, name, size }) => (
          <AttachedFile key={id} name={name} size={size} address={`/api/v1/drafts/${draft.id}/attachments/${id}`}>
            <IconAction
              icon="cross"
              size="sm"
              label={words.removeAttachment(name)}
              onClick={() => removal.mutate(id)}
              loading={removal.isPending && removal.variables === id}
            />
          </AttachedFile>
        ))}
        {uploads.map(({ key, name, size, state, share, error, cancel, retry }) => (
          <li key={key} className="answer-file" data-failed={state !== 'under-way'}>
            <bdi>{name}</bdi>
            {state === 'under-way' ? (
              <>
                <progress value={share} max={1} aria-label={name} />
                <Text span size="xs" c="dimmed">
                  {words.uploading(Math.floor(share * 100))} · {formatSize(size, locale)}
                </Text>
              </>
            ) : (
              <Text span size="xs" c="var(--mantine-color-error)" role="alert">
                {state === 'left' ? words.uploadLeft : words.uploadFailed(name)}{' '}
                {state === 'failed' && <ProblemWords error={error} />}{' '}
                {retry && (
                  <Button size="compact-xs" variant="default" onClick={retry}>
                    {common.retry}
                  </Button>
                )}
              </Text>
            )}
            <IconAction
              icon="cross"
              size="sm"
              label={state === 'under-way' ? words.cancelUpload(name) : words.removeAttachment(name)}
              onClick={cancel}
            />
          </li>
        ))}
      </ul>
      {bytes > LARGE_BYTES && (
        <Text size="xs" c="dimmed" mt={4}>
          {words.largeForMany(formatSize(bytes, locale))}
        </Text>
      )}
      <RequestNotice request={removal} />
    </div>
  );
}

interface AttachedFileProps {
  readonly name: string;
  readonly size: number;
  readonly address: string;
  readonly children: ReactNode;
}

function AttachedFile({ name, size, address, children }: AttachedFileProps) {
  const { locale } = useWords();
  const download = useDownload(address);
  return (
    <li className="answer-file">
      <Icon name="clip" size={14} />
      <a {...download.link}>
        <bdi>{name}</bdi>
      </a>
      <Text span size="xs" c="dimmed">
        {formatSize(size, locale)}
      </Text>
      {children}
      <DownloadNotice download={download} />
    </li>
  );
}
