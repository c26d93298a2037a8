import { useMutation, useQueryClient } from '@tanstack/react-query';
import pLimit from 'p-limit';
import { useEffect, useRef, useState } from 'react';
import { safeFileName } from '../../domain/safe-file-name.ts';
import { api, take } from '../api/client.ts';
import { ProblemError } from '../api/problem-error.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { noticeProblem } from '../shell/query-client.ts';
import { type Draft, draftQuery } from './answers-query.ts';
import { findLeftUploads, noteUpload } from './left-uploads.ts';
import { type AnswerAttachment, uploadFile } from './upload-file.ts';

/** Bytes that all attachments of an answer may have: what Exchange Online takes at most. */
export const MOST_BYTES = 150 * 1_024 * 1_024;

/**
 * Files that are sent at the same time: a browser has six connections to a server, and the API takes twelve files of a
 * person. Those that wait must not use up the time after which one without progress has failed.
 */
const SENT_AT_ONCE = 3;

export interface Upload {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  /** `left`: the page was left before the file had arrived, which is gone with the page. */
  readonly state: 'under-way' | 'failed' | 'left';
  /** From 0 to 1. */
  readonly share: number;
  /** Why it failed. */
  readonly error?: unknown;
  /** Cancels it, or takes it from the list. */
  readonly cancel: () => void;
  /** Undefined where the person has to choose the file again. */
  readonly retry?: (() => void) | undefined;
}

interface AddOptions {
  /** A picture in the text. */
  readonly isInline?: boolean;
  /** Also when it succeeds at a later attempt. */
  readonly onAttached?: (attachment: AnswerAttachment) => void;
}

/** The attachments of a draft, and the files that are on their way to it. */
export function useAttachments({ id, attachments }: Pick<Draft, 'id' | 'attachments'>) {
  const { answers: words } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const [uploads, setUploads] = useState(() => leftUploads(id, attachments, drop));
  const count = useRef(0);
  const [inTurn] = useState(() => pLimit(SENT_AT_ONCE));
  const { queryKey } = draftQuery(id);
  const isUploading = uploads.some(({ state }) => state === 'under-way');

  useEffect(() => {
    if (!isUploading) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isUploading]);

  const change = (key: string, part: Partial<Upload>) =>
    setUploads((now) => now.map((upload) => (upload.key === key ? { ...upload, ...part } : upload)));
  function drop(key: string): void {
    setUploads((now) => now.filter((upload) => upload.key !== key));
  }

  const currentAttachments = () => queryClient.getQueryData(queryKey)?.attachments ?? attachments;

  const removal = useMutation({
    mutationFn: async (attachmentId: string) => {
      const params = { path: { id, attachmentId } };
      await take(api.DELETE('/api/v1/drafts/{id}/attachments/{attachmentId}', { params }));
      return attachmentId;
    },
    onSuccess: (attachmentId) =>
      queryClient.setQueryData(
        queryKey,
        (draft) => draft && { ...draft, attachments: draft.attachments.filter((each) => each.id !== attachmentId) },
      ),
  });

  /** Uploads a file. Resolves when that has succeeded, failed or was cancelled, which the list shows. */
  async function add(file: File, options: AddOptions = {}): Promise<void> {
    const { isInline = false, onAttached } = options;
    const known = new Set(currentAttachments().map((attachment) => attachment.id));
    count.current += 1;
    const key = String(count.current);
    const cancelled = new AbortController();
    // As the API will call it, by which it is known again.
    const name = safeFileName(file.name);
    const { size } = file;
    const forget = noteUpload(id, { name, size });
    const leave = () => {
      forget();
      drop(key);
    };
    const cancel = () => {
      cancelled.abort();
      leave();
    };
    const attach = (attachment: AnswerAttachment) => {
      leave();
      if (!isInline) announce(words.attached(attachment.name));
      onAttached?.(attachment);
    };
    const retry = async () => {
      change(key, { state: 'under-way', error: undefined, retry: undefined });
      // The file may have arrived, and the answer was lost.
      await queryClient.fetchQuery({ ...draftQuery(id), staleTime: 0 }).catch(() => undefined);
      const arrived = currentAttachments().find(
        (each) => !known.has(each.id) && each.size === size && each.name === name,
      );
      if (arrived) return attach(arrived);
      leave();
      await add(file, options);
    };
    setUploads((now) => [...now, { key, name, size, state: 'under-way', share: 0, cancel }]);
    try {
      const { signal } = cancelled;
      const onProgress = (share: number) => change(key, { share });
      const attachment = await inTurn(() => uploadFile(id, file, { name, isInline, onProgress, signal }));
      queryClient.setQueryData(
        queryKey,
        (draft) => draft && { ...draft, attachments: [...draft.attachments, attachment] },
      );
      attach(attachment);
    } catch (error) {
      if (cancelled.signal.aborted) return;
      change(key, { state: 'failed', error, retry: () => void retry() });
      if (error instanceof ProblemError) noticeProblem(error);
    }
  }

  const bytes = attachments.reduce((sum, { size }) => sum + size, 0);
  return {
    uploads,
    add,
    removal,
    /** Of the attachments, and of what is on its way. */
    bytes: bytes + uploads.reduce((sum, { state, size }) => sum + (state === 'under-way' ? size : 0), 0),
    isUploading,
    /** Names of what was to be attached and is not. */
    missing: uploads.filter(({ state }) => state !== 'under-way').map(({ name }) => name),
  };
}

export type Attachments = ReturnType<typeof useAttachments>;

/** What did not arrive before the page was left. */
function leftUploads(
  draftId: string,
  attachments: Draft['attachments'],
  drop: (key: string) => void,
): readonly Upload[] {
  return findLeftUploads(draftId).flatMap(({ name, size, forget }, index) => {
    if (attachments.some((each) => each.name === name && each.size === size)) {
      forget();
      return [];
    }
    const key = `left-${index}`;
    const cancel = () => {
      forget();
      drop(key);
    };
    return [{ key, name, size, state: 'left', share: 0, cancel }];
  });
}
