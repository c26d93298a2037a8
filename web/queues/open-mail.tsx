import { Text } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { MailBody } from '../mail/mail-body.tsx';
import { formatMoment } from '../parts/moment.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';

/** The mail of an item, or when it was deleted from Mailroom. */
export function OpenMail({ item }: { readonly item: Schemas['ItemWithMessage'] }) {
  const { item: words } = useDeskWords();
  const { locale } = useWords();
  const { message, contentDeletedAt: deletedAt } = item;
  if (message) return <MailBody key={message.id} itemId={item.id} message={message} />;
  return (
    <section className="panel panel-body" aria-label={words.body}>
      <Text size="sm">{words.contentDeleted(deletedAt === null ? null : formatMoment(deletedAt, locale))}</Text>
    </section>
  );
}
