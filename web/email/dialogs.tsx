import { type ComponentType, lazy } from 'react';
import { loadCode } from '../shell/load-code.ts';

/** Dialogs, and the bar of what is selected, load their own code when they are first opened. */
function dialog<Props>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async () => ({ default: await loadCode(load) }));
}

export const AddAccountDialog = dialog(async () => (await import('./add-account-dialog.tsx')).AddAccountDialog);
export const ChangeQueueDialog = dialog(async () => (await import('./change-queue-dialog.tsx')).ChangeQueueDialog);
export const ConnectManyDialog = dialog(async () => (await import('./connect-many-dialog.tsx')).ConnectManyDialog);
export const RemoveAccountsDialog = dialog(
  async () => (await import('./remove-accounts-dialog.tsx')).RemoveAccountsDialog,
);
export const ResumeDialog = dialog(async () => (await import('./resume-dialog.tsx')).ResumeDialog);
export const SelectedAccountsBar = dialog(
  async () => (await import('./selected-accounts-bar.tsx')).SelectedAccountsBar,
);
export const SignInDialog = dialog(async () => (await import('./sign-in-dialog.tsx')).SignInDialog);
export const ToggleAccountsDialog = dialog(
  async () => (await import('./toggle-accounts-dialog.tsx')).ToggleAccountsDialog,
);
