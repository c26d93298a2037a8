import { queryOptions } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';

/** Where shown content comes from: an attachment of an item's message, or the message itself. */
export interface ContentSource {
  readonly itemId: string;
  /** Undefined: what the message itself is, such as an invitation. */
  readonly attachmentId?: string;
  /** A part inside, such as `2.0`. */
  readonly part?: string;
}

/** The source of a part inside an attached mail; the mail names it from its own beginning. */
export function partOf(source: ContentSource, part: string): ContentSource {
  return { ...source, part };
}

/** The address at which a part is downloaded, or shown where it is a picture. */
export function partAddress({ itemId, attachmentId }: ContentSource, part: string, as: 'true' | 'picture'): string {
  const place = attachmentId === undefined ? 'special' : `attachments/${attachmentId}/content`;
  return `/api/v1/items/${itemId}/${place}?${new URLSearchParams({ part, download: as })}`;
}

/** The content as it can be shown. It never changes; the mail server may need seconds to give it out. */
export const contentQuery = ({ itemId, attachmentId, part }: ContentSource) =>
  queryOptions({
    queryKey: ['content', itemId, attachmentId ?? 'special', part ?? ''],
    queryFn: async ({ signal }) => {
      const query = part === undefined ? {} : { part };
      const content =
        attachmentId === undefined
          ? await take(api.GET('/api/v1/items/{id}/special', { signal, params: { path: { id: itemId }, query } }))
          : await take(
              api.GET('/api/v1/items/{id}/attachments/{attachmentId}/content', {
                signal,
                params: { path: { id: itemId, attachmentId }, query },
              }),
            );
      return content as Schemas['ShownContent'];
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
