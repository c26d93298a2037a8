import { Dialog } from '../parts/dialog.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { SignatureForm } from './signature-form.tsx';

interface SignatureDialogProps {
  /** Undefined: one's own signature. */
  readonly accountId?: string;
  readonly onClose: () => void;
}

/** The signature of a person or a mailbox. */
export function SignatureDialog({ accountId, onClose }: SignatureDialogProps) {
  const { page: words } = useDeskWords().answers;
  return (
    <Dialog
      title={accountId === undefined ? words.ownSignature : words.mailboxSignature}
      onClose={onClose}
      closesOnClickOutside={false}
    >
      <SignatureForm {...(accountId !== undefined && { accountId })} onSaved={onClose} />
    </Dialog>
  );
}
