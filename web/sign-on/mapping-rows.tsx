import { Button, Group, Input, Select, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { Schemas } from '../api/client.ts';
import { Icon } from '../parts/icon.tsx';
import { IconAction } from '../parts/icon-action.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { profiles } from '../users/users-query.ts';
import type { EnteredMapping, EnteredSettings } from './entered-settings.ts';

interface MappingRowsProps {
  readonly form: Pick<
    UseFormReturnType<EnteredSettings>,
    'values' | 'errors' | 'getInputProps' | 'insertListItem' | 'removeListItem'
  >;
  readonly teams: readonly Schemas['Team'][];
  readonly mayChange: boolean;
}

/** The values of the claim, each with its profile and team. */
export function MappingRows({ form, teams, mayChange }: MappingRowsProps) {
  const { signOn: words } = useDeskWords();
  const { mappings } = form.values;
  const added = (): EnteredMapping => ({
    key: 1 + Math.max(-1, ...mappings.map(({ key }) => key)),
    value: '',
    profile: 'Agent',
    teamId: null,
  });
  return (
    <Input.Wrapper label={words.values} description={words.valuesWhat} error={form.errors.mappings}>
      <Stack gap="xs" mt="xs" role="group" aria-label={words.values}>
        {mappings.map(({ key, value }, index) => (
          <Group key={key} gap="xs" align="start">
            <TextInput
              aria-label={words.value}
              placeholder={words.value}
              miw={220}
              flex={1}
              maxLength={500}
              autoComplete="off"
              spellCheck={false}
              readOnly={!mayChange}
              {...form.getInputProps(`mappings.${index}.value`)}
            />
            <Select
              aria-label={words.profile}
              w={130}
              data={[...profiles]}
              allowDeselect={false}
              readOnly={!mayChange}
              {...form.getInputProps(`mappings.${index}.profile`)}
            />
            <Select
              aria-label={words.team}
              placeholder={words.noTeam}
              w={180}
              data={teams.map(({ id, name }) => ({ value: id, label: name }))}
              clearable={mayChange}
              searchable
              readOnly={!mayChange}
              {...form.getInputProps(`mappings.${index}.teamId`)}
            />
            {mayChange && (
              <IconAction
                icon="cross"
                mt={4}
                label={words.remove(value)}
                onClick={() => form.removeListItem('mappings', index)}
              />
            )}
          </Group>
        ))}
        {mayChange && (
          <div>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<Icon name="plus" size={14} />}
              onClick={() => form.insertListItem('mappings', added())}
            >
              {words.add}
            </Button>
          </div>
        )}
      </Stack>
    </Input.Wrapper>
  );
}
