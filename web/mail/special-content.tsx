import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schemas } from '../api/client.ts';
import { ContentDialog } from './content-dialog.tsx';
import { contentQuery } from './content-source.ts';
import { ShownContent } from './shown-content.tsx';

interface SpecialContentProps {
  readonly itemId: string;
  readonly message: Pick<Schemas['Message'], 'special' | 'text' | 'html'>;
}

/** What a message is besides its text: the facts of an invitation or a report, or what was signed. */
export function SpecialContent({ itemId, message: { special, text, html } }: SpecialContentProps) {
  switch (special?.kind) {
    case 'invitation':
    case 'delivery-report':
    case 'read-receipt':
    case 'smime':
      return <Read itemId={itemId} />;
    case 'signed':
      // Otherwise the message is readable as it is.
      return text.trim() === '' && html === null ? <Read itemId={itemId} /> : null;
    default:
      return null;
  }
}

function Read({ itemId }: { readonly itemId: string }) {
  const source = { itemId };
  const { data } = useQuery(contentQuery(source));
  const [opened, setOpened] = useState<{ readonly part: string; readonly name: string }>();
  // The message itself says otherwise than its headers.
  if (data?.kind === 'message') return null;
  return (
    <div className="special-content">
      <ShownContent source={source} onOpen={(part, name) => setOpened({ part, name })} />
      {opened && (
        <ContentDialog source={{ itemId, part: opened.part }} name={opened.name} onClose={() => setOpened(undefined)} />
      )}
    </div>
  );
}
