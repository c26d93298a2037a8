import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ComponentProps } from 'react';
import { formatMoment } from '../parts/moment.tsx';
import { Notice } from '../parts/notice.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { certificatesQuery } from './certificates-query.ts';

/** Mailroom warns from here on. */
const WARNED_FROM_DAYS = 30;

interface CredentialChoiceProps extends ComponentProps<typeof NativeSelect> {
  /** The saved one; null: a secret. */
  readonly saved: string | null;
}

/** Whether Mailroom proves itself to Microsoft by a secret or by a certificate; nothing where there are none. */
export function CredentialChoice({ saved, ...props }: CredentialChoiceProps) {
  const { certificates: words } = useDeskWords();
  const { locale } = useWords();
  const { data = [] } = useQuery(certificatesQuery);
  if (data.length === 0 && saved === null) return null;
  const inUse = data.find(({ id }) => id === saved);
  const certificates = data.map(({ id, thumbprint, validTo }) => {
    const until = formatMoment(validTo, locale);
    return { value: id, label: id === 'file' ? words.byFile(until) : words.byCertificate(thumbprint, until) };
  });
  // A process without the files, or a list that is not here yet.
  const unknown = saved !== null && !inUse ? [{ value: saved, label: words.byFile() }] : [];
  return (
    <>
      <NativeSelect
        label={words.choose}
        data={[{ value: '', label: words.bySecret }, ...unknown, ...certificates]}
        {...props}
      />
      {inUse && inUse.daysLeft <= WARNED_FROM_DAYS && (
        <Notice tone={inUse.daysLeft > 0 ? 'warn' : 'bad'}>{words.endsIn(inUse.daysLeft)}</Notice>
      )}
    </>
  );
}
