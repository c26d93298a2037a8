import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { fieldProblem, ProblemError } from '../api/problem-error.ts';
import { useWords } from '../shell/languages.tsx';
import { ValueWords } from './problem-words.tsx';

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/**
 * What is wrong with the fields of a form, said at each field in the reader's language: first what the browser finds
 * (`required`, `type`, `min`, `max`) instead of its own bubbles, then what the API refuses. A field's `name` is its JSON
 * pointer in the body.
 */
export function useFormFields(refusal: unknown) {
  const { fields: words } = useWords();
  const [found, setFound] = useState<ReadonlyMap<string, string>>(new Map());
  /** Fields that were edited since the API refused them: the next try says whether they are mended. */
  const [edited, setEdited] = useState<{ readonly refusal: unknown; readonly names: ReadonlySet<string> }>();

  const element = useRef<HTMLFormElement>(null);

  // Who presses Enter, or cannot see the page, is led to what was refused.
  useEffect(() => {
    const paths = new Set(refusal instanceof ProblemError ? refusal.details.errors?.map(({ path }) => path) : []);
    controlsOf(element.current)
      .find(({ name }) => paths.has(name))
      ?.focus();
  }, [refusal]);

  // Whatever mended a field, be it another one on which it depends: what was said of it goes, and only that.
  useEffect(() => {
    if (found.size === 0) return;
    const still = new Map<string, string>();
    for (const control of controlsOf(element.current)) {
      if (found.has(control.name) && !control.validity.valid) still.set(control.name, wordsFor(control));
    }
    if (JSON.stringify([...still]) !== JSON.stringify([...found])) setFound(still);
  });

  function wordsFor({ validity, max, min }: Control & { readonly max?: string; readonly min?: string }): string {
    if (validity.valueMissing) return words.missing;
    if (validity.typeMismatch) return words.noAddress;
    if (validity.badInput) return words.noNumber;
    return words.between(min ?? '', max ?? '');
  }

  /** Says at each field what the browser finds wrong with it; true when that is nothing. */
  function isValid(): boolean {
    const wrong = controlsOf(element.current).filter(({ validity }) => !validity.valid);
    setFound(new Map(wrong.map((control) => [control.name, wordsFor(control)])));
    wrong[0]?.focus();
    return wrong.length === 0;
  }

  function noteEdit({ target }: FormEvent<HTMLFormElement>): void {
    if (!('name' in target) || fieldProblem(refusal, String(target.name)) === undefined) return;
    const before = edited !== undefined && edited.refusal === refusal ? edited.names : [];
    setEdited({ refusal, names: new Set([...before, String(target.name)]) });
  }

  const refusedAt = (path: string) =>
    edited !== undefined && edited.refusal === refusal && edited.names.has(path)
      ? undefined
      : fieldProblem(refusal, path);

  return {
    /** For the form; `submit` runs when the browser finds nothing wrong. */
    form: (submit: () => void) => ({
      ref: element,
      noValidate: true,
      onInput: noteEdit,
      onSubmit: (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault();
        if (isValid()) submit();
      },
    }),
    /** For what else needs a form that is filled in. */
    isValid,
    /** For a field: its name, and what is wrong with it. */
    field: (path: string): { readonly name: string; readonly error: ReactNode } => {
      const refused = refusedAt(path);
      return { name: path, error: found.get(path) ?? (refused && <ValueWords value={refused} />) };
    },
    /** True when the API's refusal is said at one of these fields. */
    says: (...paths: readonly string[]) => paths.some((path) => fieldProblem(refusal, path) !== undefined),
  };
}

function controlsOf(form: HTMLFormElement | null): readonly Control[] {
  return [...(form?.elements ?? [])].filter((field): field is Control => 'validity' in field && 'name' in field);
}
