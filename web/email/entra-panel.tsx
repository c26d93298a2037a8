import { Anchor, Stack, Text, Title } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../shell/languages.tsx';

/** What to enter and approve on Microsoft's side. */
export function EntraPanel({ settings }: { readonly settings: Schemas['Settings'] }) {
  const { settings: words } = useWords();
  return (
    <section className="panel panel-body" aria-labelledby="entra">
      <Stack gap="lg">
        <Title order={2} id="entra">
          {words.inEntra}
        </Title>
        <Stack gap={6}>
          <Text size="sm" fw={500}>
            {words.redirectUri}
          </Text>
          <CopyText value={settings.redirectUri} />
          <Text size="xs" c="dimmed">
            {words.redirectHint}
          </Text>
        </Stack>
        <Stack gap={6}>
          <Text size="sm" fw={500}>
            {words.permissions}
          </Text>
          {/* One below the other: the names are as long as the column is wide in German. */}
          <dl className="permissions">
            {settings.permissions.map(({ name, why }) => (
              <div key={name}>
                <dt>
                  <code>{name}</code>
                </dt>
                <Text component="dd" size="sm" c="dimmed" m={0}>
                  {words.permissionWords[name] ?? why}
                </Text>
              </div>
            ))}
          </dl>
        </Stack>
        <Stack gap={6}>
          <Text size="sm" fw={500}>
            {words.consent}
          </Text>
          <Text size="xs" c="dimmed">
            {words.consentHint}
          </Text>
          {settings.adminConsentUrl === null ? (
            <Text size="sm">{words.consentLater}</Text>
          ) : (
            <Anchor href={settings.adminConsentUrl} target="_blank" rel="noopener noreferrer" size="sm">
              {words.consentLink} <Icon name="out" size={13} />
              <span className="visually-hidden"> ({words.newTab})</span>
            </Anchor>
          )}
        </Stack>
      </Stack>
    </section>
  );
}
