import { ActionIcon, Group, Text } from '@mantine/core';
import { useWords } from '../shell/languages.tsx';
import { Icon } from './icon.tsx';

interface PageStepsProps {
  readonly page: number;
  readonly pages: number;
  readonly onChange: (page: number) => void;
}

/** Pagination; empty when there is only one page. */
export function PageSteps({ page, pages, onChange }: PageStepsProps) {
  const { common } = useWords();
  if (pages <= 1) return null;
  return (
    <Group gap="xs">
      <ActionIcon
        variant="default"
        aria-label={common.previous}
        disabled={page <= 1}
        onClick={() => onChange(page - 1)}
      >
        <Icon name="left" />
      </ActionIcon>
      <Text size="sm" className="numeric" aria-live="polite">
        {common.page(page, pages)}
      </Text>
      <ActionIcon
        variant="default"
        aria-label={common.next}
        disabled={page >= pages}
        onClick={() => onChange(page + 1)}
      >
        <Icon name="right" />
      </ActionIcon>
    </Group>
  );
}
