import { type UseFormInput, useForm } from '@mantine/form';
import { useEffect } from 'react';
import { ProblemError } from '../api/problem-error.ts';
import { ValueWords } from './problem-words.tsx';

interface ApiFormInput<Values> extends UseFormInput<Values> {
  /** Unlike that of every other form of the page. Fields are named as in the body that the API takes. */
  readonly name: string;
  readonly initialValues: Values;
  /** Of the request that the form sends. */
  readonly refusal: unknown;
}

/**
 * A form of `@mantine/form` that also says at its fields what the API refuses, in the reader's language, and leads the
 * keyboard to the first field that is to be mended.
 */
export function useApiForm<Values extends object>({ refusal, ...input }: ApiFormInput<Values>) {
  const form = useForm<Values>(input);
  const { values, errors } = form;
  const refused = refusal instanceof ProblemError ? (refusal.details.errors ?? []) : [];
  const named = refused.filter(({ path }) => Object.hasOwn(values, fieldOf(path)));

  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal is said once; what was mended since is not wrong again.
  useEffect(() => {
    if (named.length === 0) return;
    form.setErrors(
      Object.fromEntries(named.map((value) => [fieldOf(value.path), <ValueWords key={value.path} value={value} />])),
    );
    focus(named.map(({ path }) => fieldOf(path)));
  }, [refusal]);

  // Whatever mended a field, be it another one on which it depends: what was said of it goes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only other values can mend it; the API's refusals stay until their field changes.
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
    /** True when the API's refusal is said at fields of this form. */
    saysRefusal: named.length > 0,
    /** For the form element; `submit` runs when nothing is wrong. */
    onSubmitOf: (submit: (values: Values) => void) => ({
      noValidate: true,
      onSubmit: form.onSubmit(submit, (wrong) => focus(Object.keys(wrong))),
    }),
    /** For what else needs a form that is filled in: says what is wrong; true when that is nothing. */
    isFilledIn(): boolean {
      const { hasErrors, errors: wrong } = form.validate() as { readonly hasErrors: boolean; readonly errors: object };
      if (hasErrors) focus(Object.keys(wrong));
      return !hasErrors;
    },
  };
}

/** The field that a JSON pointer into the body names. */
function fieldOf(pointer: string): string {
  return pointer.split('/')[1] ?? '';
}
