import { Anchor, Button, Stack, Text } from '@mantine/core';
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useAnnounce } from '../shell/announcer.tsx';
import { useWords } from '../shell/languages.tsx';
import { Dialog } from './dialog.tsx';
import { FormActions } from './form-actions.tsx';
import { RequestNotice } from './request-notice.tsx';

interface RemovalDialogProps {
  readonly title: string;
  /** What goes and what stays. */
  readonly what: string;
  /** True: certain to be refused, as `what` says; nothing is offered but to close. */
  readonly isImpossible?: boolean;
  /** Where what stands in the way can be seen. */
  readonly leadsTo?: { readonly to: string; readonly name: string } | undefined;
  /** Read out when it is done. */
  readonly removed: string;
  readonly remove: () => Promise<unknown>;
  /** The list that is read again afterwards. */
  readonly listKey: QueryKey;
  readonly onClose: () => void;
}

/** Asks once more before something is removed, and says why when that is refused. */
export function RemovalDialog({
  title,
  what,
  isImpossible = false,
  leadsTo,
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
        <FormActions below={<RequestNotice request={removal} />}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {isImpossible ? common.close : common.cancel}
          </Button>
          {!isImpossible && (
            <Button color="red.9" onClick={() => removal.mutate()} loading={removal.isPending}>
              {common.remove}
            </Button>
          )}
        </FormActions>
      </Stack>
    </Dialog>
  );
}
