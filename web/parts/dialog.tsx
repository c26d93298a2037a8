import { Modal } from '@mantine/core';
import { createContext, type ReactNode, use, useEffect, useRef } from 'react';
import { useWords } from '../shell/languages.tsx';

interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
  /** Wider, for what is read. */
  readonly size?: 'xl';
  /** False where a click outside would lose what was entered. */
  readonly closesOnClickOutside?: boolean;
  /** True while a request is running: the dialog stays open. */
  readonly isBusy?: boolean;
}

const BusyContext = createContext(false);

/** True in a dialog that stays open while a request is running. */
export function useIsDialogBusy(): boolean {
  return use(BusyContext);
}

/** A dialog over the page, open for as long as it is mounted. */
export function Dialog({ title, children, onClose, size, closesOnClickOutside = true, isBusy = false }: DialogProps) {
  const { common } = useWords();
  useFocusBack();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      {...(size && { size })}
      // Not a second banner of the page.
      attributes={{ header: { role: 'none' } }}
      closeOnEscape={!isBusy}
      closeOnClickOutside={closesOnClickOutside && !isBusy}
      closeButtonProps={{ 'aria-label': common.close, disabled: isBusy }}
    >
      <BusyContext value={isBusy}>{children}</BusyContext>
    </Modal>
  );
}

/**
 * Returns the focus to what opened the dialog or, if that is gone (a removed row), to the page's title. Mantine's own
 * mechanism follows `opened`, which never changes here.
 */
function useFocusBack(): void {
  const opener = useRef(document.activeElement);
  useEffect(
    () => () => {
      // After the dialog has left the page, and after anything else that takes the focus.
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
