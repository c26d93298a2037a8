import { Radio, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../shell/languages.tsx';

/** What becomes of mail that arrived while an account was disabled. */
export type Resume = 'catch-up' | 'from-now';

interface ResumeChoiceProps {
  readonly value: Resume;
  readonly onChange: (resume: Resume) => void;
  /** In the place of the usual words, where it is known how much mail that is. */
  readonly catchUp?: { readonly label: ReactNode; readonly description: ReactNode };
}

/** Asks what becomes of mail that arrived while an account, or several, were disabled. */
export function ResumeChoice({ value, onChange, catchUp }: ResumeChoiceProps) {
  const { accounts: words } = useWords();
  return (
    <Radio.Group label={words.resumeWhat} value={value} onChange={(chosen) => onChange(chosen as Resume)}>
      <Stack gap="sm" mt="sm">
        <Radio
          value="catch-up"
          label={catchUp?.label ?? words.catchUp}
          description={catchUp?.description ?? words.catchUpWhat}
          data-autofocus
        />
        <Radio value="from-now" label={words.fromNow} description={words.fromNowWhat} />
      </Stack>
    </Radio.Group>
  );
}
