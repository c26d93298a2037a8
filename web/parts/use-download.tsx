import { Button, Group, Loader, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type MouseEvent, useEffect, useRef, useState } from 'react';
import { fetchFile } from '../api/fetch-file.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { formatSize } from './format-size.ts';
import { ProblemNotice } from './problem-notice.tsx';
import { saveFile } from './save-file.ts';

/**
 * Downloads a file of the API through the page, which can say why a download failed; a browser says only that it did. The
 * link keeps its address, for all that a browser does with links. A download goes on when the page is left, and the
 * announcement that all pages share says how it ended.
 */
export function useDownload(address: string) {
  const { mail: words } = useDeskWords();
  const announce = useAnnounce();
  const [received, setReceived] = useState(0);
  const cancelled = useRef<AbortController>(undefined);
  const isLeft = useRef(false);
  useEffect(() => {
    isLeft.current = false;
    return () => {
      isLeft.current = true;
    };
  }, []);
  const request = useMutation({
    mutationFn: () => {
      const controller = new AbortController();
      cancelled.current = controller;
      setReceived(0);
      return fetchFile(address, { onProgress: setReceived, signal: controller.signal });
    },
    onSuccess: ({ name, content }) => {
      saveFile(name, content);
      announce(words.downloaded(name));
    },
    onError: () => {
      if (cancelled.current?.signal.aborted) request.reset();
      else if (isLeft.current) announce(words.notDownloaded);
    },
  });
  return {
    request,
    received,
    cancel: () => cancelled.current?.abort(),
    /** Of the link. */
    link: {
      href: address,
      download: true,
      'aria-busy': request.isPending,
      onClick: (event: MouseEvent) => {
        if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        if (!request.isPending) request.mutate();
      },
    },
  };
}

/** How far a download is, with a button to cancel it, or why it failed. */
export function DownloadNotice({ download }: { readonly download: ReturnType<typeof useDownload> }) {
  const { common, locale } = useWords();
  const { mail: words } = useDeskWords();
  const { request, received, cancel } = download;
  if (request.isPending) {
    return (
      <Group gap="xs" role="status">
        <Loader size={14} type="oval" />
        <Text size="xs" c="dimmed">
          {words.downloading} {received > 0 && formatSize(received, locale)}
        </Text>
        <Button size="compact-xs" variant="default" onClick={cancel}>
          {common.cancel}
        </Button>
      </Group>
    );
  }
  return request.error && <ProblemNotice error={request.error} onRetry={() => request.mutate()} />;
}
