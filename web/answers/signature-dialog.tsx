import { Dialog } from '../parts/dialog.tsx';
import { useWords } from '../shell/languages.tsx';
import { SignatureForm } from './signature-form.tsx';

/** One's own signature, from any page. */
export function SignatureDialog({ onClose }: { readonly onClose: () => void }) {
  const { answers: words } = useWords();
  return (
    <Dialog title={words.page.ownSignature} onClose={onClose} closesOnClickOutside={false}>
      <SignatureForm label={words.page.ownSignature} hint={words.page.ownSignatureWhat} onSaved={onClose} />
    </Dialog>
  );
}
