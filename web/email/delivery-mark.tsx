import { Group, Text } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { Icon } from '../parts/icon.tsx';
import { useDeliveryWords } from '../parts/server-words.tsx';
import { useWords } from '../shell/languages.tsx';

/** An icon for how new mail is found, with the reason in a tooltip. Empty for accounts that are not read. */
export function DeliveryMark({ account: { delivery } }: { readonly account: Schemas['Account'] }) {
  const { accounts: words } = useWords();
  const why = useDeliveryWords(delivery);
  if (delivery.mode === 'none') return null;
  return (
    <span className="delivery-mark" title={why}>
      <Icon name={delivery.mode} size={14} />
      <span className="visually-hidden">{words.deliveries[delivery.mode]}</span>
    </span>
  );
}

/** The meaning of the icons, for users without a pointer. */
export function DeliveryLegend() {
  const { accounts: words } = useWords();
  return (
    <Group gap="md" aria-hidden>
      {(['push', 'poll'] as const).map((mode) => (
        <Text key={mode} size="sm" c="dimmed" component="span">
          <span className="delivery-mark">
            <Icon name={mode} size={14} />
          </span>{' '}
          {words.deliveries[mode]}
        </Text>
      ))}
    </Group>
  );
}
