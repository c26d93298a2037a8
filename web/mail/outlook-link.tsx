import { Anchor } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useDeskWords } from '../shell/languages.tsx';

/** Leads to the mail in Outlook on the web. For mail captured without its address, the mailbox is asked first. */
export function OutlookLink({ itemId, webLink }: { readonly itemId: string; readonly webLink: string | null }) {
  const { mail: words } = useDeskWords();
  const find = useMutation({
    mutationFn: () => take(api.GET('/api/v1/items/{id}/web-link', { params: { path: { id: itemId } } })),
  });
  const address = webLink ?? find.data?.webLink;
  if (address?.startsWith('https://')) {
    return (
      <Anchor href={address} target="_blank" rel="noopener noreferrer" size="sm">
        {words.openInOutlook}
      </Anchor>
    );
  }
  return (
    <>
      <Anchor component="button" type="button" size="sm" disabled={find.isPending} onClick={() => find.mutate()}>
        {words.findInOutlook}
      </Anchor>
      <RequestNotice request={find} />
    </>
  );
}
