import { Button } from '@mantine/core';
import { ProblemError } from '../api/problem-error.ts';
import { Notice } from '../parts/notice.tsx';
import { ServerWords } from '../parts/server-words.tsx';
import { useFindingWords, useWords } from '../shell/languages.tsx';

/** What prevented saving the global properties: the API's name and words for it. */
interface Finding {
  readonly finding: string;
  readonly found: string;
}

interface UnsavedFindingProps extends Finding {
  readonly onSaveAnyway: () => void;
  readonly isSaving: boolean;
}

/**
 * Why the global properties were not saved, when Microsoft refuses them or is unreachable; and a button to save them
 * anyway.
 */
export function UnsavedFinding({ finding, found, onSaveAnyway, isSaving }: UnsavedFindingProps) {
  const { settings } = useWords();
  const known = useFindingWords()?.[finding];
  return (
    <Notice
      tone="bad"
      urgent
      actions={
        <Button size="compact-sm" variant="default" loading={isSaving} onClick={onSaveAnyway}>
          {settings.saveAnyway}
        </Button>
      }
    >
      {known ? `${known.message} ${known.nextStep}` : <ServerWords>{found}</ServerWords>} {settings.notSaved}
    </Notice>
  );
}

/** The finding in a refusal to save. */
export function findingOf(error: unknown): Finding | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  const { reason, facts } = error.details;
  const isFinding = reason === 'settings-do-not-work' || reason === 'settings-unchecked';
  return isFinding ? { finding: String(facts?.finding ?? ''), found: String(facts?.found ?? '') } : undefined;
}
