import { Anchor, Stack } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { type ContentSource, partOf } from './content-source.ts';
import { ShownContent } from './shown-content.tsx';

interface ContentDialogProps {
  readonly source: ContentSource;
  readonly name: string;
  readonly onClose: () => void;
}

/** An attachment that is opened, and what is opened inside it, with the way back. */
export function ContentDialog({ source, name, onClose }: ContentDialogProps) {
  const { mail: words } = useDeskWords();
  const [inside, setInside] = useState<readonly { readonly part: string; readonly name: string }[]>([]);
  const current = inside.at(-1);
  const title = current?.name ?? name;
  return (
    <Dialog title={title} onClose={onClose} size="xl">
      <Stack gap="sm">
        {current && (
          <Anchor component="button" type="button" size="sm" onClick={() => setInside(inside.slice(0, -1))}>
            {words.backTo(inside.at(-2)?.name ?? name)}
          </Anchor>
        )}
        <ShownContent
          key={current?.part ?? ''}
          source={current ? partOf(source, current.part) : source}
          name={title}
          onOpen={(part, opened) => setInside([...inside, { part, name: opened }])}
        />
      </Stack>
    </Dialog>
  );
}
