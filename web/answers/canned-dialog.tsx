import { Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { filledIn } from '../parts/field-rules.tsx';
import { TableSkeleton } from '../parts/table-skeleton.tsx';
import { useApiForm } from '../parts/use-api-form.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { loadCode } from '../shell/load-code.ts';
import { CANNED } from './answers-query.ts';

const HtmlField = lazy(async () => ({ default: (await loadCode(() => import('./html-field.tsx'))).HtmlField }));

/** What the API fills in (docs: canned answers). */
const placeholders = ['{{customer.name}}', '{{agent.name}}', '{{item.number}}', '{{subject}}'];

interface CannedDialogProps {
  /** Undefined: a new one. */
  readonly canned?: Schemas['CannedAnswer'];
  readonly onClose: () => void;
}

/** Names and writes a canned answer. */
export function CannedDialog({ canned, onClose }: CannedDialogProps) {
  const { common } = useWords();
  const { answers } = useDeskWords();
  const words = answers.page;
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: ({ name, html }: Pick<Schemas['CannedAnswer'], 'name' | 'html'>) => {
      const body = { name: name.trim(), html };
      return canned
        ? take(api.PUT('/api/v1/canned-answers/{id}', { params: { path: { id: canned.id } }, body }))
        : take(api.POST('/api/v1/canned-answers', { body }));
    },
    onSuccess: async ({ name }) => {
      announce(words.saved(name));
      await queryClient.invalidateQueries({ queryKey: CANNED });
      onClose();
    },
  });
  const form = useApiForm({
    name: 'canned-answer',
    initialValues: { name: canned?.name ?? '', html: canned?.html ?? '' },
    validate: { name: filledIn, html: (html) => filledIn(html.replace(/<(?!img)[^>]*>/gi, '')) },
    refusal: save.error,
  });
  const wrong = form.errors.html;
  return (
    <Dialog
      title={canned ? words.editCanned : words.addCanned}
      onClose={onClose}
      closesOnClickOutside={false}
      isBusy={save.isPending}
    >
      <form {...form.onSubmitOf((entered) => save.mutate(entered))}>
        <Stack className="fields">
          <TextInput label={words.name} {...form.getInputProps('name')} maxLength={100} required data-autofocus />
          <Suspense fallback={<TableSkeleton rows={4} />}>
            <div>
              <HtmlField
                label={words.text}
                hint={`${words.textHint} ${placeholders.join(' ')}`}
                value={form.values.html}
                onChange={(html) => form.setFieldValue('html', html)}
              />
              {wrong !== undefined && (
                <Text size="xs" c="var(--mantine-color-error)" mt={5} role="alert">
                  {wrong}
                </Text>
              )}
            </div>
          </Suspense>
          <DialogActions action={common.save} onCancel={onClose} request={save} saysRefusal={form.saysRefusal} />
        </Stack>
      </form>
    </Dialog>
  );
}
