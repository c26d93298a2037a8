import { Stack, Text } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { Notice } from '../parts/notice.tsx';
import { ServerWords } from '../parts/server-words.tsx';
import type { Tone } from '../parts/tone.ts';
import { TraceLine } from '../parts/trace-line.tsx';
import { useFindingWords, useWords } from '../shell/languages.tsx';

const tones: Readonly<Record<Schemas['SettingsFinding']['severity'], Tone>> = {
  ok: 'good',
  warning: 'warn',
  error: 'bad',
};

export interface SettingsCheck {
  readonly works: boolean;
  readonly findings: readonly Schemas['SettingsFinding'][];
}

interface CheckResultProps {
  readonly check: SettingsCheck;
}

/** Microsoft's findings about the values, the most important first. */
export function CheckResult({ check: { works, findings } }: CheckResultProps) {
  const known = useFindingWords();
  const { settings } = useWords();
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {works ? settings.checkWorks : settings.checkFails}
      </Text>
      {findings.map(({ code, severity, message, nextStep, reference, status, requestId, clockSkewSeconds }) => (
        <Notice key={code} tone={tones[severity]}>
          {known?.[code]?.message ?? <ServerWords>{message}</ServerWords>}
          {clockSkewSeconds !== undefined && ` ${settings.clockDiffers(clockSkewSeconds)}`}
          {nextStep !== '' && (
            <Text size="sm" c="dimmed">
              {known?.[code]?.nextStep ?? <ServerWords>{nextStep}</ServerWords>}
            </Text>
          )}
          <TraceLine trace={{ code: reference ?? null, status: status ?? null, requestId: requestId ?? null }} />
        </Notice>
      ))}
    </Stack>
  );
}
