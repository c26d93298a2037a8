import { NativeSelect } from '@mantine/core';
import { type Language, languages, useLanguage } from './languages.tsx';

export function LanguageSelect() {
  const { language, words, choose } = useLanguage();
  return (
    <NativeSelect
      size="xs"
      aria-label={words.shell.language}
      value={language}
      onChange={(event) => choose(event.currentTarget.value as Language)}
      data={(Object.keys(languages) as Language[]).map((tag) => ({ value: tag, label: languages[tag].name }))}
    />
  );
}
