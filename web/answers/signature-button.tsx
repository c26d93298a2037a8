import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useWords } from '../shell/languages.tsx';
import { loadCode } from '../shell/load-code.ts';
import { useMay } from '../shell/session.ts';

const SignatureDialog = lazy(async () => ({
  default: (await loadCode(() => import('./signature-dialog.tsx'))).SignatureDialog,
}));

/** Opens one's own signature. */
export function SignatureButton() {
  const { shell } = useWords();
  const mayAnswer = useMay('items.answer');
  const [isOpen, setOpen] = useState(false);
  if (!mayAnswer) return null;
  return (
    <>
      <Button variant="default" size="xs" px={4} onClick={() => setOpen(true)}>
        {shell.signature}
      </Button>
      {isOpen && (
        <Suspense>
          <SignatureDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
