import { Anchor, Button, Stack, Text } from '@mantine/core';
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useAnnounce } from '../shell/announcer.tsx';
import { useWords } from '../shell/languages.tsx';
import { Dialog } from './dialog.tsx';
import { DialogActions } from './dialog-actions.tsx';
import { FormActions } from './form-actions.tsx';

interface RemovalDialogProps {
  readonly title: string;
  /** What is deleted and what is kept. */
  readonly what: string;
  /** True: certain to be refused, for the reason in `what`; the dialog only offers to close. */
  readonly isImpossible?: boolean;
  /** A link to what prevents the removal. */
  readonly leadsTo?: { readonly to: string; readonly name: string } | undefined;
  /** The word of the button; without it, *Remove*. */
  readonly action?: string;
  /** Announced after the removal. */
  readonly removed: string;
  readonly remove: () => Promise<unknown>;
  /** The list to reload afterwards. */
  readonly listKey: QueryKey;
  readonly onClose: () => void;
}

/** Asks for confirmation before a removal, and shows why it was refused. */
export function RemovalDialog({
  title,
  what,
  isImpossible = false,
  leadsTo,
  action,
  removed,
  remove,
  listKey,
  onClose,
}: RemovalDialogProps) {
  const { common } = useWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const removal = useMutation({
    mutationFn: remove,
    onSuccess: async () => {
      announce(removed);
      await queryClient.invalidateQueries({ queryKey: listKey });
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title={title}>
      <Stack>
        <Text size="sm">{what}</Text>
        {leadsTo && (
          <Anchor component={Link} to={leadsTo.to} size="sm">
            {leadsTo.name}
          </Anchor>
        )}
        {isImpossible ? (
          <FormActions>
            <Button variant="default" onClick={onClose} data-autofocus>
              {common.close}
            </Button>
          </FormActions>
        ) : (
          <DialogActions
            action={action ?? common.remove}
            onAct={() => removal.mutate()}
            onCancel={onClose}
            request={removal}
            isDangerous
          />
        )}
      </Stack>
    </Dialog>
  );
}
