import { type UseFormInput, useForm } from '@mantine/form';
import { useEffect } from 'react';
import { ProblemError } from '../api/problem-error.ts';
import { ValueWords } from './problem-words.tsx';

interface ApiFormInput<Values> extends UseFormInput<Values> {
  /** Unique among the forms of the page. Fields are named as in the API's body. */
  readonly name: string;
  readonly initialValues: Values;
  /** The error of the form's request. */
  readonly refusal: unknown;
}

/**
 * A `@mantine/form` form that also shows the API's refusals at their fields, in the reader's language, and moves the
 * focus to the first field to correct.
 */
export function useApiForm<Values extends object>({ refusal, ...input }: ApiFormInput<Values>) {
  const form = useForm<Values>(input);
  const { values, errors } = form;
  const refused = refusal instanceof ProblemError ? (refusal.details.errors ?? []) : [];
  const named = refused.filter(({ path }) => Object.hasOwn(values, fieldOf(path)));

  // biome-ignore lint/correctness/useExhaustiveDependencies: shows each refusal once; corrected fields stay valid.
  useEffect(() => {
    if (named.length === 0) return;
    form.setErrors(
      Object.fromEntries(named.map((value) => [fieldOf(value.path), <ValueWords key={value.path} value={value} />])),
    );
    focus(named.map(({ path }) => fieldOf(path)));
  }, [refusal]);

  // Clears a field's error once its value is valid, even if a change of another field made it so.
  // biome-ignore lint/correctness/useExhaustiveDependencies: new values clear errors; the API's stay until edited.
  useEffect(() => {
    const isRefused = (field: string) => named.some(({ path }) => fieldOf(path) === field);
    for (const field of Object.keys(errors)) if (!isRefused(field) && form.isValid(field)) form.clearFieldError(field);
  }, [values]);

  function focus(fields: readonly string[]): void {
    const first = Object.keys(values).find((field) => fields.includes(field));
    if (first !== undefined) form.getInputNode(first)?.focus();
  }

  return {
    ...form,
    /** True when the API's refusal is shown at fields of this form. */
    saysRefusal: named.length > 0,
    /** For the form element; `submit` runs when the form is valid. */
    onSubmitOf: (submit: (values: Values) => void) => ({
      noValidate: true,
      onSubmit: form.onSubmit(submit, (wrong) => focus(Object.keys(wrong))),
    }),
    /** For other actions that need a valid form: shows what is wrong; true when nothing is. */
    isFilledIn(): boolean {
      const { hasErrors, errors: wrong } = form.validate() as { readonly hasErrors: boolean; readonly errors: object };
      if (hasErrors) focus(Object.keys(wrong));
      return !hasErrors;
    },
  };
}

/** The field of a JSON pointer into the body. */
function fieldOf(pointer: string): string {
  return pointer.split('/')[1] ?? '';
}
