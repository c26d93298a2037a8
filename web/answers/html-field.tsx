import { Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { RichEditor } from './rich-editor.tsx';
import type { WrittenText } from './written-text.ts';

/** A logo; it is sent with every answer. */
const MOST_PICTURE_BYTES = 200_000;

interface HtmlFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (html: string) => void;
}

/** A formatted text of a form. Pasted pictures become part of it. */
export function HtmlField({ label, hint, value, onChange }: HtmlFieldProps) {
  const { answers: words } = useDeskWords();
  const announce = useAnnounce();
  const text = useRef<WrittenText>(null);
  const [first] = useState(value);

  async function addPictures(files: readonly File[]): Promise<void> {
    for (const file of files) {
      if (file.size > MOST_PICTURE_BYTES) announce(words.page.pictureTooLarge(file.name));
      else text.current?.insert(`<img src="${await dataUrl(file)}" alt="">`, '');
    }
  }

  return (
    <div>
      <Text size="sm" fw={500} component="div" mb={4}>
        {label}
      </Text>
      {hint !== undefined && (
        <Text size="xs" c="dimmed" mb={4}>
          {hint}
        </Text>
      )}
      <RichEditor
        ref={text}
        body={first}
        revision={0}
        label={label}
        placeholder=""
        onChange={onChange}
        onPictures={(files) => void addPictures(files)}
        sourceOf={() => undefined}
      />
    </div>
  );
}

async function dataUrl(file: File): Promise<string> {
  return await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result)));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
