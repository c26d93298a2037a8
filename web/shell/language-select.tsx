import { NativeSelect } from '@mantine/core';
import { type Language, languageNames, useLanguage } from './languages.tsx';

export function LanguageSelect() {
  const { language, words, choose } = useLanguage();
  return (
    <NativeSelect
      size="xs"
      aria-label={words.shell.language}
      value={language}
      onChange={(event) => choose(event.currentTarget.value as Language)}
      data={(Object.keys(languageNames) as Language[]).map((tag) => ({ value: tag, label: languageNames[tag] }))}
    />
  );
}
