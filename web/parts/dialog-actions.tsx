import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../shell/languages.tsx';
import { useIsDialogBusy } from './dialog.tsx';
import { FormActions } from './form-actions.tsx';
import { RequestNotice, type ShownRequest } from './request-notice.tsx';

interface DialogActionsProps {
  /** The word of the button that acts. */
  readonly action: string;
  /** What that button does; without it, it submits the form around it. */
  readonly onAct?: () => void;
  readonly onCancel: () => void;
  /** What the button asks for: it waits for the answer, and a refusal appears below it. */
  readonly request?: ShownRequest;
  /** True where fields say why the request was refused. */
  readonly saysRefusal?: boolean;
  /** Appears below the buttons instead of the request's refusal. */
  readonly below?: ReactNode;
  readonly isDisabled?: boolean;
  /** True for what cannot be undone: the button warns, and *Cancel* has the focus unless a field has it. */
  readonly isDangerous?: boolean;
  /** True where no field comes before the button: it has the focus. */
  readonly hasFocus?: boolean;
}

/** The two buttons with which most dialogs end: *Cancel*, and the one that acts. */
export function DialogActions({
  action,
  onAct,
  onCancel,
  request,
  saysRefusal = false,
  below = request && !saysRefusal && <RequestNotice request={request} />,
  isDisabled = false,
  isDangerous = false,
  hasFocus = false,
}: DialogActionsProps) {
  const { common } = useWords();
  const isBusy = useIsDialogBusy();
  return (
    <FormActions below={below}>
      <Button variant="default" onClick={onCancel} disabled={isBusy} data-autofocus={isDangerous || undefined}>
        {common.cancel}
      </Button>
      <Button
        {...(onAct ? { onClick: onAct } : { type: 'submit' })}
        {...(isDangerous && { color: 'red.9' })}
        loading={request?.isPending ?? isBusy}
        disabled={isDisabled}
        data-autofocus={hasFocus || undefined}
      >
        {action}
      </Button>
    </FormActions>
  );
}
