import { Skeleton, Text } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { useDeskWords } from '../shell/languages.tsx';

interface PictureDialogProps {
  readonly name: string;
  /** Of the attachment. */
  readonly address: string;
  readonly onClose: () => void;
}

/** An attached picture, large. The API gives none that could run or load anything. */
export function PictureDialog({ name, address, onClose }: PictureDialogProps) {
  const { mail: words } = useDeskWords();
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  return (
    <Dialog title={name} onClose={onClose}>
      {state === 'loading' && <Skeleton height={200} aria-label={words.loadingImages} />}
      {state === 'failed' ? (
        <Text size="sm">{`${name}: ${words.pictureFailures['not-loaded']}`}</Text>
      ) : (
        <img
          src={`${address}?as=picture`}
          alt={name}
          className="attached-picture"
          onLoad={() => setState('shown')}
          onError={() => setState('failed')}
        />
      )}
    </Dialog>
  );
}
