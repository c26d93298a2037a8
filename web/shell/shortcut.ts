import { sharedStore } from '../parts/browser-store.ts';

/** A key, what it does in words, and what to do. */
export interface Shortcut {
  /** Without modifiers, as `KeyboardEvent.key` has it. One that only a field takes is listed by its name: `Ctrl+Enter`. */
  readonly key: string;
  readonly label: string;
  /** Undefined: the field takes the key itself. */
  readonly run?: () => void;
}

const STORED_AS = 'mailroom-shortcuts';

/** False when the person switched the keys off in this browser. */
export function areShortcutsOn(): boolean {
  return sharedStore.find(STORED_AS) !== 'off';
}

export function switchShortcuts(on: boolean): void {
  sharedStore.keep(STORED_AS, on ? undefined : 'off');
}
