import { TextInput, type TextInputProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../shell/languages.tsx';

interface DateInputProps extends TextInputProps {
  /** `datetime-local`: in the time zone of the browser. */
  readonly type: 'date' | 'datetime-local';
  /** In the form of the field, such as `2026-05-03`; empty without a date. */
  readonly value?: string;
}

/**
 * The browser's own field for dates, which writes them by its settings, whatever the language of the page. What is chosen
 * therefore stands above it in the words of the page, with the day of the week.
 */
export function DateInput({ type, value = '', description, ...props }: DateInputProps) {
  const { locale } = useWords();
  const chosen = formatChosen(type, value, locale);
  const words: ReactNode =
    description && chosen ? (
      <>
        {description} <strong>{chosen}</strong>
      </>
    ) : (
      (chosen ?? description)
    );
  return <TextInput type={type} value={value} description={words} {...props} />;
}

function formatChosen(type: DateInputProps['type'], value: string, locale: string): string | undefined {
  // Without a time, the date would be one of UTC, and the day before in America.
  const date = new Date(type === 'date' ? `${value}T00:00` : value);
  if (Number.isNaN(date.getTime())) return undefined;
  return date.toLocaleString(locale, { dateStyle: 'full', ...(type === 'datetime-local' && { timeStyle: 'short' }) });
}
