import { Button, CopyButton, Group } from '@mantine/core';
import { useWords } from '../shell/languages.tsx';
import { Icon } from './icon.tsx';

/** A value to copy. */
export function CopyText({ value }: { readonly value: string }) {
  const { common } = useWords();
  return (
    <Group gap="xs" wrap="nowrap" align="start">
      <code className="code">{value}</code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button
            size="compact-sm"
            variant="default"
            onClick={copy}
            leftSection={<Icon name={copied ? 'check' : 'copy'} size={14} />}
            mt={1}
          >
            <span aria-live="polite">{copied ? common.copied : common.copy}</span>
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
