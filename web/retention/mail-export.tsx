import { Button, Group, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { filledIn } from '../parts/field-rules.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { saveFile } from '../parts/save-file.ts';
import { Section } from '../parts/section.tsx';
import { useApiForm } from '../parts/use-api-form.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';

/** Downloads all mail of a sender. By POST, so that the address stands in no log. */
export function MailExport() {
  const { retention: words } = useDeskWords();
  const announce = useAnnounce();
  const download = useMutation({
    mutationFn: async (body: { readonly address: string }) => {
      const { data, error, response } = await api.POST('/api/v1/mail-exports', { body, parseAs: 'text' });
      await take(Promise.resolve({ data: data ?? '', error, response }));
      // As it came: what is shown on pages would be changed.
      return String(data ?? '');
    },
    onSuccess: (lines) => {
      saveFile('mail.jsonl', lines);
      announce(words.exported);
    },
  });
  const form = useApiForm({
    name: 'mail-export',
    initialValues: { address: '' },
    validate: { address: filledIn },
    refusal: download.error,
  });
  return (
    <Section title={words.export} what={words.exportWhat}>
      <form {...form.onSubmitOf((values) => download.mutate(values))}>
        <Group align="end" gap="sm">
          <TextInput
            label={words.address}
            placeholder="mia@fabrikam.example"
            autoComplete="off"
            inputMode="email"
            maxLength={254}
            required
            w="min(100%, 24rem)"
            {...form.getInputProps('address')}
          />
          <Button type="submit" variant="default" loading={download.isPending}>
            {words.exportNow}
          </Button>
        </Group>
        {!form.saysRefusal && <RequestNotice request={download} />}
      </form>
    </Section>
  );
}
