import { api, type Schemas, take } from '../api/client.ts';
import { RemovalDialog } from '../parts/removal-dialog.tsx';
import { useDeskWords } from '../shell/languages.tsx';

interface RevokeKeyDialogProps {
  readonly apiKey: Pick<Schemas['ApiKey'], 'id' | 'name'>;
  readonly onClose: () => void;
}

export function RevokeKeyDialog({ apiKey: { id, name }, onClose }: RevokeKeyDialogProps) {
  const { keys: words } = useDeskWords();
  return (
    <RemovalDialog
      title={words.revokeTitle(name)}
      what={words.revokeWhat}
      action={words.revoke}
      removed={words.revoked(name)}
      remove={() => take(api.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } }))}
      listKey={['api-keys']}
      onClose={onClose}
    />
  );
}
