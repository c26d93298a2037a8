import { Text } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { Address } from '../parts/address.tsx';
import { Clamped } from '../parts/clamped.tsx';
import { knownWord } from '../parts/known-word.ts';
import { StatusLabel } from '../parts/status-label.tsx';
import { useDeskWords } from '../shell/languages.tsx';

type Report = Schemas['MailReport'];

/** What became of a mail that was sent, for each of its recipients. */
export function ReportFacts({ report: { recipients, about, reportedBy } }: { readonly report: Report }) {
  const { mail: words } = useDeskWords();
  return (
    <>
      {about.subject !== null && (
        <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
          <Clamped lines={3}>
            {words.report.about}: <bdi>{about.subject}</bdi>
          </Clamped>
        </Text>
      )}
      <ul className="plain-list">
        {recipients.map((recipient, position) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an address may be listed twice, and the list never changes.
          <li key={position}>
            <Recipient {...recipient} />
          </li>
        ))}
      </ul>
      {recipients.length === 0 && <Text size="sm">{words.report.noRecipient}</Text>}
      {reportedBy !== null && (
        <Text size="xs" c="dimmed">
          {words.report.by}: <bdi>{reportedBy}</bdi>
        </Text>
      )}
    </>
  );
}

function Recipient({ address, action, status, reason, diagnostic }: Report['recipients'][number]) {
  const { mail: words } = useDeskWords();
  const tone = action === 'failed' ? 'bad' : action === 'delayed' ? 'warn' : 'idle';
  return (
    <>
      <Text size="sm" component="div">
        <bdi>
          <Address>{address}</Address>
        </bdi>{' '}
        <StatusLabel tone={tone}>{knownWord(words.report.actions, action)}</StatusLabel>
      </Text>
      {reason !== null && <Text size="sm">{knownWord(words.report.reasons, reason)}</Text>}
      {(diagnostic !== null || status !== null) && (
        <Text size="xs" c="dimmed">
          <bdi>{[status, diagnostic].filter(Boolean).join(' · ')}</bdi>
        </Text>
      )}
    </>
  );
}
