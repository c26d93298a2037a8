import { useForm } from '@mantine/form';
import { useEffect, useState } from 'react';
import type { Schemas } from '../api/client.ts';
import type { ProblemDetails } from '../api/problem-error.ts';
import { useMay, useMe } from '../shell/session.ts';
import { type Draft, draftOf, isSameRouting, ruleProblem } from './draft.ts';
import { mergeRouting, type RoutingEdit } from './merge-routing.ts';
import { dropStoredDraft, findStoredDraft, storeDraft } from './stored-draft.ts';

/** A routing that was saved elsewhere while this draft was edited, and was merged into it. */
export interface Merged {
  readonly edits: readonly RoutingEdit[];
  /** Who saved it, and when; undefined when only the version shows it. */
  readonly facts?: ProblemDetails['facts'] | undefined;
}

interface Beginning {
  readonly base: Draft;
  readonly draft: Draft;
  readonly merged?: Merged;
  /** When the restored changes were made. */
  readonly stored?: string;
}

/** The routing of an account while it is edited; unsaved changes survive the end of the session and a reload. */
export function useRoutingDraft(accountId: string, saved: Schemas['Routing']) {
  const userId = useMe().data?.id ?? '';
  const mayChange = useMay('routing.change');
  const [first] = useState(() => (mayChange ? beginWith(userId, accountId, saved) : { ...startOf(saved) }));
  const form = useForm<Draft>({
    name: 'routing',
    initialValues: first.draft,
    validate: ({ rules }) =>
      Object.fromEntries(
        rules.flatMap((rule, index) => {
          const problem = ruleProblem(rule);
          return problem === undefined ? [] : [[keywordsAt(index), problem]];
        }),
      ),
  });
  const draft = form.values;
  const [base, setBase] = useState(first.base);
  const [merged, setMerged] = useState(first.merged);
  const [stored, setStored] = useState(first.stored);
  const isChanged = !isSameRouting(base, draft);

  useEffect(() => {
    if (!mayChange) return;
    if (isChanged) storeDraft(userId, accountId, { base, draft });
    else dropStoredDraft(userId, accountId);
  }, [mayChange, isChanged, userId, accountId, base, draft]);

  // Shows a routing saved elsewhere at once, as long as no change here would be lost.
  useEffect(() => {
    if (saved.version <= base.version || isChanged) return;
    const next = draftOf(saved);
    setBase(next);
    form.setValues(next);
  }, [saved, base.version, isChanged, form.setValues]);

  // Clears a rule's error once it can be saved.
  useEffect(() => {
    for (const [index, rule] of draft.rules.entries()) {
      if (ruleProblem(rule) === undefined) form.clearFieldError(keywordsAt(index));
    }
  }, [draft.rules, form.clearFieldError]);

  return {
    form,
    base,
    draft,
    merged,
    stored,
    setMerged,
    /** Continues from another saved routing, with the remaining changes. */
    begin(next: Draft, change: (now: Draft) => Draft): void {
      setBase(next);
      form.setValues(change(form.getValues()));
      setStored(undefined);
    },
    /** Back to the saved routing. */
    reset(): void {
      form.setValues(base);
      setMerged(undefined);
      setStored(undefined);
    },
    drop: () => dropStoredDraft(userId, accountId),
  };
}

/** The path of the form error of a rule: its `RuleProblem`. */
export function keywordsAt(index: number): string {
  return `rules.${index}.keywords`;
}

function startOf(saved: Schemas['Routing']): Beginning {
  const base = draftOf(saved);
  return { base, draft: base };
}

function beginWith(userId: string, accountId: string, saved: Schemas['Routing']): Beginning {
  const start = startOf(saved);
  const found = findStoredDraft(userId, accountId);
  if (found === undefined) return start;
  const { draft, edits } = mergeRouting(found.base, found.draft, start.base);
  if (isSameRouting(draft, start.base)) return start;
  const isOther = saved.version !== found.base.version;
  return { base: start.base, draft, stored: found.storedAt, ...(isOther && { merged: { edits } }) };
}
