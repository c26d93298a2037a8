import { Button } from '@mantine/core';
import { createContext, lazy, type ReactNode, Suspense, use, useEffect, useMemo, useRef, useState } from 'react';
import { useWords } from './languages.tsx';
import { loadCode } from './load-code.ts';
import { areShortcutsOn, type Shortcut } from './shortcut.ts';

/** With the code of dialogs, which pages need only once one opens. */
const ShortcutsHelp = lazy(async () => ({
  default: (await loadCode(() => import('./shortcuts-help.tsx'))).ShortcutsHelp,
}));

interface Registry {
  /** Returns a function that removes them. */
  register(shortcuts: { readonly current: readonly Shortcut[] }): () => void;
  showHelp(): void;
}

const RegistryContext = createContext<Registry | undefined>(undefined);

/** Fields that are left by Escape, so that letters are keys again. Lists that are open take it to close. */
const LEFT_BY_ESCAPE =
  'input:not([type="search"], [aria-expanded="true"]), textarea, [contenteditable]:not([contenteditable="false"])';

/** Elements that take letters themselves. Boxes of rows do not: keys go on after one was ticked. */
const TAKES_LETTERS =
  'input:not([data-item] *), textarea, select, [contenteditable]:not([contenteditable="false"]), [role="dialog"], [role="listbox"]';

/**
 * The keys of the pages: each part registers its own, `?` lists what is registered. Not while a field or a dialog has
 * the focus, which Escape leaves, not with Ctrl, Alt or Meta, and not at all when the person switched them off
 * (WCAG 2.1.4).
 */
export function ShortcutsProvider({ children }: { readonly children: ReactNode }) {
  const registered = useRef(new Set<{ readonly current: readonly Shortcut[] }>());
  const [isHelpOpen, setHelpOpen] = useState(false);
  const { shell } = useWords();
  const help: Shortcut = { key: '?', label: shell.showKeys, run: () => setHelpOpen(true) };
  const helpRef = useRef(help);
  helpRef.current = help;
  // Later ones win: a page's own before those of its frame.
  const all = () => [helpRef.current, ...[...registered.current].flatMap(({ current }) => current)];

  // biome-ignore lint/correctness/useExhaustiveDependencies: `all` reads the registry at the time of the key.
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.repeat || event.isComposing) return;
      if (event.ctrlKey || event.altKey || event.metaKey || !areShortcutsOn()) return;
      const { target } = event;
      // The editor of answers takes Escape, too, to select the paragraph.
      const isEditorsEscape = event.key === 'Escape' && target instanceof HTMLElement && target.isContentEditable;
      if (event.defaultPrevented && !isEditorsEscape) return;
      if (document.querySelector('[role="dialog"]')) return;
      if (target instanceof Element && target.closest(TAKES_LETTERS)) {
        if (event.key === 'Escape' && target.closest(LEFT_BY_ESCAPE)) leave(target);
        return;
      }
      const shortcut = all().findLast(({ key, run }) => run && key === event.key);
      if (!shortcut?.run) return;
      event.preventDefault();
      shortcut.run();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);

  const registry = useMemo<Registry>(
    () => ({
      register(shortcuts) {
        registered.current.add(shortcuts);
        return () => registered.current.delete(shortcuts);
      },
      showHelp: () => setHelpOpen(true),
    }),
    [],
  );
  return (
    <RegistryContext value={registry}>
      {children}
      {isHelpOpen && (
        <Suspense>
          <ShortcutsHelp shortcuts={all()} onClose={() => setHelpOpen(false)} />
        </Suspense>
      )}
    </RegistryContext>
  );
}

/** Moves the keyboard from a field to the part of the page that it is in. */
function leave(field: Element): void {
  const part = field.closest<HTMLElement>('section, main');
  if (!part) return;
  if (!part.hasAttribute('tabindex')) part.tabIndex = -1;
  part.focus({ preventScroll: true });
}

/** Registers keys while the component is shown. */
export function useShortcuts(shortcuts: readonly (Shortcut | false | undefined)[]): void {
  const registry = use(RegistryContext);
  const current = useRef<readonly Shortcut[]>([]);
  current.current = shortcuts.filter((each) => each !== false && each !== undefined);
  useEffect(() => registry?.register(current), [registry]);
}

/** Opens the list of keys, for people who use the mouse or switched the keys off. */
export function KeyboardButton() {
  const registry = use(RegistryContext);
  const { shell } = useWords();
  return (
    <Button variant="default" size="xs" px={4} onClick={() => registry?.showHelp()}>
      {shell.keyboard}
    </Button>
  );
}
