import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, take } from '../api/client.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { type Draft, draftQuery } from './answers-query.ts';
import { type AnswerAttachment, uploadFile } from './upload-file.ts';

/** Bytes that all attachments of an answer may have: what Exchange Online takes at most. */
export const MOST_BYTES = 150 * 1_024 * 1_024;

export interface Upload {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  /** From 0 to 1. */
  readonly share: number;
  /** Why it failed; undefined while it is under way. */
  readonly error?: unknown;
  readonly cancel: () => void;
  readonly retry: () => void;
}

/** The attachments of a draft, and the files that are on their way to it. */
export function useAttachments({ id, attachments }: Pick<Draft, 'id' | 'attachments'>) {
  const { answers: words } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const count = useRef(0);
  const { queryKey } = draftQuery(id);

  const change = (key: string, part: Partial<Upload>) =>
    setUploads((now) => now.map((upload) => (upload.key === key ? { ...upload, ...part } : upload)));
  const drop = (key: string) => setUploads((now) => now.filter((upload) => upload.key !== key));

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

  /** Uploads a file; the attachment, or undefined when it failed or was cancelled, which the list then shows. */
  async function add(file: File, isInline = false): Promise<AnswerAttachment | undefined> {
    count.current += 1;
    const key = String(count.current);
    const cancelled = new AbortController();
    const cancel = () => {
      cancelled.abort();
      drop(key);
    };
    const retry = () => {
      drop(key);
      void add(file, isInline);
    };
    setUploads((now) => [...now, { key, name: file.name, size: file.size, share: 0, cancel, retry }]);
    try {
      const { signal } = cancelled;
      const onProgress = (share: number) => change(key, { share });
      const attachment = await uploadFile(id, file, { isInline, onProgress, signal });
      queryClient.setQueryData(
        queryKey,
        (draft) => draft && { ...draft, attachments: [...draft.attachments, attachment] },
      );
      drop(key);
      if (!isInline) announce(words.attached(attachment.name));
      return attachment;
    } catch (error) {
      if (!cancelled.signal.aborted) change(key, { error });
      return undefined;
    }
  }

  const bytes = attachments.reduce((sum, { size }) => sum + size, 0);
  return {
    uploads,
    add,
    removal,
    /** Of the attachments, and of what is on its way. */
    bytes: bytes + uploads.reduce((sum, upload) => sum + (upload.error === undefined ? upload.size : 0), 0),
    isUploading: uploads.some(({ error }) => error === undefined),
  };
}

export type Attachments = ReturnType<typeof useAttachments>;
