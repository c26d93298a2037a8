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
  return localStorage.getItem(STORED_AS) !== 'off';
}

export function switchShortcuts(on: boolean): void {
  if (on) localStorage.removeItem(STORED_AS);
  else localStorage.setItem(STORED_AS, 'off');
}
