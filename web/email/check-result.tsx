import { Stack, Text } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { Notice } from '../parts/notice.tsx';
import { ServerWords } from '../parts/server-words.tsx';
import type { Tone } from '../parts/tone.ts';
import { useLanguage, useWords } from '../shell/languages.tsx';

const tones: Readonly<Record<Schemas['SettingsFinding']['severity'], Tone>> = {
  ok: 'good',
  warning: 'warn',
  error: 'bad',
};

interface CheckResultProps {
  readonly check: { readonly works: boolean; readonly findings: readonly Schemas['SettingsFinding'][] };
}

/** What Microsoft says about the values, the most important first. */
export function CheckResult({ check: { works, findings } }: CheckResultProps) {
  const { serverWords } = useLanguage();
  const { settings } = useWords();
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {works ? settings.checkWorks : settings.checkFails}
      </Text>
      {findings.map(({ code, severity, message, nextStep, reference }) => (
        <Notice key={code} tone={tones[severity]}>
          {serverWords?.findings[code]?.message ?? <ServerWords>{message}</ServerWords>}
          {nextStep !== '' && (
            <Text size="sm" c="dimmed">
              {serverWords?.findings[code]?.nextStep ?? <ServerWords>{nextStep}</ServerWords>}
            </Text>
          )}
          {reference !== undefined && (
            <Text size="xs" c="dimmed">
              {reference}
            </Text>
          )}
        </Notice>
      ))}
    </Stack>
  );
}
