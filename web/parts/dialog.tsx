import { Modal } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useWords } from '../shell/languages.tsx';

interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
  /** False where a click beside it would lose what was entered. */
  readonly closesOnClickOutside?: boolean;
  /** True while it works on something that goes on without it: it stays then. */
  readonly isBusy?: boolean;
}

/** A question over the page, open for as long as it is mounted. */
export function Dialog({ title, children, onClose, closesOnClickOutside = true, isBusy = false }: DialogProps) {
  const { common } = useWords();
  useFocusBack();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeOnEscape={!isBusy}
      closeOnClickOutside={closesOnClickOutside && !isBusy}
      closeButtonProps={{ 'aria-label': common.close, disabled: isBusy }}
    >
      {children}
    </Modal>
  );
}

/**
 * Gives the focus back to what opened the dialog; where that is gone, as the row that was removed, to the page's title.
 * Mantine's own way back follows `opened`, which never changes here.
 */
function useFocusBack(): void {
  const opener = useRef(document.activeElement);
  useEffect(
    () => () => {
      // Once it is out of the page, and whoever else takes the focus has it.
      setTimeout(() => {
        if (document.activeElement !== document.body) return;
        const { current } = opener;
        if (current instanceof HTMLElement && current.isConnected) current.focus({ preventScroll: true });
        if (document.activeElement === document.body) document.querySelector('h1')?.focus({ preventScroll: true });
      });
    },
    [],
  );
}
