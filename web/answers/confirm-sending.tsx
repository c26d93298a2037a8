import { Button, Stack, Text } from '@mantine/core';
import { Dialog } from '../parts/dialog.tsx';
import { FormActions } from '../parts/form-actions.tsx';
import { useDeskWords } from '../shell/languages.tsx';

interface ConfirmSendingProps {
  /** What the person should know before. */
  readonly doubts: readonly string[];
  readonly onSend: () => void;
  readonly onClose: () => void;
}

/** Asks before an answer is sent that the person may regret. Back is where Enter leads. */
export function ConfirmSending({ doubts, onSend, onClose }: ConfirmSendingProps) {
  const { answers: words } = useDeskWords();
  return (
    <Dialog title={words.confirmTitle} onClose={onClose}>
      <Stack>
        <Text size="sm" component="ul" className="edits">
          {doubts.map((doubt) => (
            <li key={doubt}>{doubt}</li>
          ))}
        </Text>
        <FormActions>
          <Button variant="default" onClick={onSend}>
            {words.sendAnyway}
          </Button>
          <Button onClick={onClose} data-autofocus>
            {words.back}
          </Button>
        </FormActions>
      </Stack>
    </Dialog>
  );
}
