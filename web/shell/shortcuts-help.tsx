import { Kbd, Stack, Switch, Table, Text } from '@mantine/core';
import { Fragment, useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
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
  const isNarrow = useIsNarrow();
  const [isOn, setOn] = useState(areShortcutsOn);
  const change = (on: boolean) => {
    switchShortcuts(on);
    setOn(on);
  };
  return (
    <Dialog title={shell.keyboard} onClose={onClose}>
      {/* Room for the ring of the focus. */}
      <Stack gap="sm" pt={4}>
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
                <Table.Th scope="row" style={{ whiteSpace: isNarrow ? 'normal' : 'nowrap' }}>
                  <Keys>{key}</Keys>
                </Table.Th>
                <Table.Td {...(!isNarrow && { w: '100%' })}>
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

/** Keys as keyboards name them. Those that are pressed together stand by themselves, so that a narrow window can break between them. */
function Keys({ children }: { readonly children: string }) {
  const keys = children.length > 1 ? children.split('+') : [children];
  return keys.map((key, position) => (
    <Fragment key={key}>
      {position > 0 && ' '}
      <span style={{ whiteSpace: 'nowrap' }}>
        {position > 0 && '+ '}
        <Kbd>{key.length === 1 ? key.toUpperCase() : key}</Kbd>
      </span>
    </Fragment>
  ));
}
