import { Button, Kbd, Stack, Switch, Table, Text } from '@mantine/core';
import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { useWords } from './languages.tsx';

/** A key without modifiers, what it does in words, and what to do. */
export interface Shortcut {
  readonly key: string;
  readonly label: string;
  readonly run: () => void;
}

interface Registry {
  /** Returns a function that removes them. */
  register(shortcuts: { readonly current: readonly Shortcut[] }): () => void;
  showHelp(): void;
}

const RegistryContext = createContext<Registry | undefined>(undefined);
const STORED_AS = 'mailroom-shortcuts';
const areOn = () => localStorage.getItem(STORED_AS) !== 'off';

/** Elements that take letters themselves. */
const TAKES_LETTERS =
  'input, textarea, select, [contenteditable]:not([contenteditable="false"]), [role="dialog"], [role="listbox"]';

/**
 * The keys of the pages: each part registers its own, `?` lists what is registered. Not while a field or a dialog has
 * the focus, not with Ctrl, Alt or Meta, and not at all when the person switched them off (WCAG 2.1.4).
 */
export function ShortcutsProvider({ children }: { readonly children: ReactNode }) {
  const registered = useRef(new Set<{ readonly current: readonly Shortcut[] }>());
  const [isHelpOpen, setHelpOpen] = useState(false);
  const { work } = useWords();
  const help: Shortcut = { key: '?', label: work.keys.help, run: () => setHelpOpen(true) };
  const helpRef = useRef(help);
  helpRef.current = help;
  // Later ones win: a page's own before those of its frame.
  const all = () => [helpRef.current, ...[...registered.current].flatMap(({ current }) => current)];

  // biome-ignore lint/correctness/useExhaustiveDependencies: `all` reads the registry at the time of the key.
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.isComposing) return;
      if (event.ctrlKey || event.altKey || event.metaKey || !areOn()) return;
      const { target } = event;
      if (target instanceof Element && target.closest(TAKES_LETTERS)) return;
      if (document.querySelector('[role="dialog"]')) return;
      const shortcut = all().findLast(({ key }) => key === event.key);
      if (!shortcut) return;
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
      {isHelpOpen && <Help shortcuts={all()} onClose={() => setHelpOpen(false)} />}
    </RegistryContext>
  );
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
  const { work } = useWords();
  return (
    <Button variant="default" size="xs" onClick={() => registry?.showHelp()}>
      {work.keyboard}
    </Button>
  );
}

function Help({ shortcuts, onClose }: { readonly shortcuts: readonly Shortcut[]; readonly onClose: () => void }) {
  const { work } = useWords();
  const [isOn, setOn] = useState(areOn);
  const change = (on: boolean) => {
    if (on) localStorage.removeItem(STORED_AS);
    else localStorage.setItem(STORED_AS, 'off');
    setOn(on);
  };
  return (
    <Dialog title={work.keyboard} onClose={onClose}>
      <Stack gap="sm">
        <Switch
          label={work.keyboardOn}
          description={work.keyboardWhat}
          checked={isOn}
          onChange={(event) => change(event.currentTarget.checked)}
          data-autofocus
        />
        <Table aria-label={work.keyboard}>
          <Table.Tbody>
            {shortcuts.map(({ key, label }) => (
              <Table.Tr key={`${key} ${label}`}>
                <Table.Th scope="row" w={60}>
                  <Kbd>{key}</Kbd>
                </Table.Th>
                <Table.Td>
                  <Text size="sm">{label}</Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
    </Dialog>
  );
}
