import { Button, Stack, Text } from '@mantine/core';
import { Dialog } from '../parts/dialog.tsx';
import { FormActions } from '../parts/form-actions.tsx';
import { useDeskWords } from '../shell/languages.tsx';

interface UnsentDialogProps {
  /** False where an answer is another person's, whose text is not discarded from here. */
  readonly mayDiscard: boolean;
  readonly onDiscard: () => void;
  readonly onComplete: () => void;
  readonly onClose: () => void;
}

/** Asks before an item is completed at which an answer with text was not sent. Back is where Enter leads. */
export function UnsentDialog({ mayDiscard, onDiscard, onComplete, onClose }: UnsentDialogProps) {
  const { work, answers } = useDeskWords();
  return (
    <Dialog title={work.unsentTitle} onClose={onClose}>
      <Stack>
        <Text size="sm">{mayDiscard ? work.unsentOwn : work.unsentOther}</Text>
        <FormActions>
          {mayDiscard && (
            <Button variant="default" onClick={onDiscard}>
              {work.discardAndComplete}
            </Button>
          )}
          <Button variant="default" onClick={onComplete}>
            {work.completeAnyway}
          </Button>
          <Button onClick={onClose} data-autofocus>
            {answers.back}
          </Button>
        </FormActions>
      </Stack>
    </Dialog>
  );
}
