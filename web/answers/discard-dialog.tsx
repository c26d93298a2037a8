import { Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';

interface DiscardDialogProps {
  readonly draftId: string;
  readonly onDiscarded: () => void;
  readonly onClose: () => void;
}

/** Asks before a draft is deleted. */
export function DiscardDialog({ draftId, onDiscarded, onClose }: DiscardDialogProps) {
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
        <DialogActions
          action={words.discard}
          onAct={() => discard.mutate()}
          onCancel={onClose}
          request={discard}
          isDangerous
        />
      </Stack>
    </Dialog>
  );
}
