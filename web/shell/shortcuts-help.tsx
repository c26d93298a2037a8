import { Kbd, Stack, Switch, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { useDeskWords, useWords } from './languages.tsx';
import { areShortcutsOn, type Shortcut, switchShortcuts } from './shortcut.ts';

interface ShortcutsHelpProps {
  readonly shortcuts: readonly Shortcut[];
  readonly onClose: () => void;
}

/** The list of keys, with the switch that turns them off. */
export function ShortcutsHelp({ shortcuts, onClose }: ShortcutsHelpProps) {
  const { shell } = useWords();
  const { work } = useDeskWords();
  const [isOn, setOn] = useState(areShortcutsOn);
  const change = (on: boolean) => {
    switchShortcuts(on);
    setOn(on);
  };
  return (
    <Dialog title={shell.keyboard} onClose={onClose}>
      <Stack gap="sm">
        <Switch
          label={work.keyboardOn}
          description={work.keyboardWhat}
          checked={isOn}
          onChange={(event) => change(event.currentTarget.checked)}
          data-autofocus
        />
        <Table aria-label={shell.keyboard}>
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
