import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../api/client.ts';
import type { ProblemDetails } from '../api/problem-error.ts';
import { formatMoment } from '../parts/moment.tsx';
import { Notice } from '../parts/notice.tsx';
import { useWords } from '../shell/languages.tsx';
import { settingsQuery } from './settings-query.ts';

interface SettingsConflictProps {
  readonly facts: ProblemDetails['facts'];
  readonly entered: Pick<Schemas['Settings'], 'tenantId' | 'clientId'>;
  readonly onTakeTheirs: (theirs: Schemas['Settings']) => void;
  readonly onKeepMine: (theirs: Schemas['Settings']) => void;
}

/** Who saved other global properties in between, and which; the user chooses between theirs and their own. */
export function SettingsConflict({ facts, entered, onTakeTheirs, onKeepMine }: SettingsConflictProps) {
  const { settings: words, locale } = useWords();
  const { data: theirs } = useQuery({ ...settingsQuery, staleTime: 0, refetchOnMount: 'always' });
  const who = typeof facts?.by === 'string' ? facts.by : undefined;
  const when = typeof facts?.at === 'string' ? formatMoment(facts.at, locale) : undefined;
  return (
    <Notice
      tone="warn"
      urgent
      actions={
        theirs && (
          <>
            <Button size="compact-sm" variant="default" onClick={() => onTakeTheirs(theirs)}>
              {words.conflictLoad}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => onKeepMine(theirs)}>
              {words.conflictKeep}
            </Button>
          </>
        )
      }
    >
      <strong>{words.conflict(who, when)}</strong>
      {theirs && (
        <ul className="edits">
          {theirs.tenantId !== entered.tenantId && (
            <li>
              {words.tenantId}: {theirs.tenantId}
            </li>
          )}
          {theirs.clientId !== entered.clientId && (
            <li>
              {words.clientId}: {theirs.clientId}
            </li>
          )}
          {theirs.clientSecret.setAt !== null && (
            <li>
              {words.clientSecret}:{' '}
              {words.secretOf(formatMoment(theirs.clientSecret.setAt, locale), theirs.clientSecret.endsWith ?? '')}
            </li>
          )}
        </ul>
      )}
    </Notice>
  );
}
