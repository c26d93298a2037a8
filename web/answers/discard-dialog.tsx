import { Button, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { FormActions } from '../parts/form-actions.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';

interface DiscardDialogProps {
  readonly draftId: string;
  readonly onDiscarded: () => void;
  readonly onClose: () => void;
}

/** Asks before a draft is deleted. */
export function DiscardDialog({ draftId, onDiscarded, onClose }: DiscardDialogProps) {
  const { common } = useWords();
  const { answers: words } = useDeskWords();
  const announce = useAnnounce();
  const discard = useMutation({
    mutationFn: () => take(api.DELETE('/api/v1/drafts/{id}', { params: { path: { id: draftId } } })),
    onSuccess: () => {
      announce(words.discarded);
      onDiscarded();
    },
  });
  return (
    <Dialog title={words.discardTitle} onClose={onClose} isBusy={discard.isPending}>
      <Stack>
        <Text size="sm">{words.discardWhat}</Text>
        <FormActions below={<RequestNotice request={discard} />}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {common.cancel}
          </Button>
          <Button color="red.9" onClick={() => discard.mutate()} loading={discard.isPending}>
            {words.discard}
          </Button>
        </FormActions>
      </Stack>
    </Dialog>
  );
}
