import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { Notice } from '../parts/notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useDeskWords } from '../shell/languages.tsx';

/** Whether this user always loads images from the sender of an item's mail. Asked only for mail that has any. */
export function useImageSender(itemId: string, isAsked: boolean) {
  return useQuery({
    queryKey: ['image-sender', itemId],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/items/{id}/image-sender', { signal, params: { path: { id: itemId } } })),
    enabled: isAsked,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

interface RemoteImageNoticeProps {
  readonly itemId: string;
  readonly sender: string | undefined;
  /** Images that could be loaded. */
  readonly images: number;
  readonly trackingPixels: number;
  readonly isShown: boolean;
  readonly onShow: () => void;
}

/** What the mail would load from other servers, and how to allow that. */
export function RemoteImageNotice(props: RemoteImageNoticeProps) {
  const { itemId, sender, images, trackingPixels, isShown, onShow } = props;
  const { mail: words } = useDeskWords();
  const client = useQueryClient();
  const { data } = useImageSender(itemId, images > 0);
  const remember = useMutation({
    mutationFn: (remembered: boolean) =>
      take(api.PUT('/api/v1/items/{id}/image-sender', { params: { path: { id: itemId } }, body: { remembered } })),
    onSuccess: (answer) =>
      client
        .invalidateQueries({ queryKey: ['image-sender'] })
        .then(() => client.setQueryData(['image-sender', itemId], answer)),
  });
  const pixels = trackingPixels > 0 ? ` ${words.trackingPixels(trackingPixels)}` : '';
  const actions: React.ReactNode[] = [];
  if (!isShown && images > 0) {
    actions.push(
      <Button key="load" size="compact-sm" variant="default" onClick={onShow}>
        {words.loadImages}
      </Button>,
    );
  }
  if (sender !== undefined && data?.mayRemember && images > 0) {
    actions.push(
      <Button
        key="always"
        size="compact-sm"
        variant="subtle"
        loading={remember.isPending}
        onClick={() => remember.mutate(!data.remembered, { onSuccess: ({ remembered }) => remembered && onShow() })}
      >
        {data.remembered ? words.forget : words.alwaysLoad(sender)}
      </Button>,
    );
  }
  const said =
    isShown || images === 0
      ? data?.remembered === true && sender !== undefined
        ? words.remembered(sender)
        : ''
      : words.remoteImages(images);
  if (said === '' && pixels === '') return null;
  return (
    <>
      <Notice tone="idle" actions={actions.length > 0 ? actions : undefined}>
        {`${said}${pixels}`.trim()}
      </Notice>
      <RequestNotice request={remember} />
    </>
  );
}
