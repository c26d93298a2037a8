import { api, type Schemas, take } from '../api/client.ts';
import { RemovalDialog } from '../parts/removal-dialog.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { usersQuery } from './users-query.ts';

interface RemoveUserDialogProps {
  readonly user: Schemas['User'];
  readonly onClose: () => void;
}

/** Asks for confirmation, and shows why the removal was refused. */
export function RemoveUserDialog({ user: { id, email }, onClose }: RemoveUserDialogProps) {
  const { users: words } = useDeskWords();
  return (
    <RemovalDialog
      title={words.removeTitle(email)}
      what={words.removeWhat}
      removed={words.removed(email)}
      remove={() => take(api.DELETE('/api/v1/users/{id}', { params: { path: { id } } }))}
      listKey={usersQuery.queryKey}
      onClose={onClose}
    />
  );
}
