import { Button, Group } from '@mantine/core';
import { useDeskWords } from '../shell/languages.tsx';
import type { SendingWay } from './use-send.ts';

interface SendButtonsProps {
  /** False where the item is not the person's to complete. */
  readonly mayComplete: boolean;
  /** False where the item is in no queue. */
  readonly hasNext: boolean;
  readonly isPending: boolean;
  readonly isDisabled: boolean;
  readonly onSend: (way: SendingWay) => void;
}

/** Send; and where the item is the person's, complete it in the same step, and take the next one. */
export function SendButtons({ mayComplete, hasNext, isPending, isDisabled, onSend }: SendButtonsProps) {
  const { answers: words } = useDeskWords();
  const common = { disabled: isDisabled || isPending };
  return (
    <Group gap="xs" className="send-buttons">
      <Button
        onClick={() => onSend('send')}
        loading={isPending}
        disabled={isDisabled}
        title={words.sendKey}
        variant={mayComplete ? 'default' : 'filled'}
      >
        {words.send}
      </Button>
      {mayComplete && (
        <Button onClick={() => onSend('complete')} {...common}>
          {words.sendAndComplete}
        </Button>
      )}
      {mayComplete && hasNext && (
        <Button variant="default" onClick={() => onSend('next')} title={words.nextKey} {...common}>
          {words.sendAndNext}
        </Button>
      )}
    </Group>
  );
}
