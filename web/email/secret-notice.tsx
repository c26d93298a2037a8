import type { Schemas } from '../api/client.ts';
import { formatMoment } from '../parts/moment.tsx';
import { Notice } from '../parts/notice.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';

/** Mailroom warns from here on. */
const WARNED_FROM_DAYS = 30;

/** When the client secret ends soon, and until when the one before it stays in use. */
export function SecretNotice({
  secret: { daysLeft, previousUntil },
}: {
  readonly secret: Schemas['Settings']['clientSecret'];
}) {
  const { locale } = useWords();
  const { secret: words } = useDeskWords().keys;
  const endsSoon = daysLeft !== null && daysLeft <= WARNED_FROM_DAYS;
  return (
    <>
      {endsSoon && <Notice tone={daysLeft > 0 ? 'warn' : 'bad'}>{words.endsIn(daysLeft)}</Notice>}
      {previousUntil !== null && <Notice tone="idle">{words.previous(formatMoment(previousUntil, locale))}</Notice>}
    </>
  );
}
