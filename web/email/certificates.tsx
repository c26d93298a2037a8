import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { IconAction } from '../parts/icon-action.tsx';
import { Moment } from '../parts/moment.tsx';
import { RemovalDialog } from '../parts/removal-dialog.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { certificatesQuery } from './certificates-query.ts';

type Certificate = Schemas['Certificate'];

/** Mailroom warns from here on. */
const WARNED_FROM_DAYS = 30;
const tones = { 'in-use': 'good', before: 'idle', unused: 'idle' } as const;

/** Certificates by which Mailroom can prove itself to Microsoft, instead of by a secret. */
export function Certificates() {
  const { certificates: words } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const mayChange = useMay('settings.change');
  const [deleting, setDeleting] = useState<Certificate>();
  const { data = [] } = useQuery(certificatesQuery);
  const make = useMutation({
    mutationFn: () => take(api.POST('/api/v1/email/settings/certificates')),
    onSuccess: async () => {
      await queryClient.invalidateQueries(certificatesQuery);
      announce(words.made);
    },
  });
  return (
    <section className="panel panel-body" aria-labelledby="certificates">
      <Stack gap="sm">
        <Stack gap={4}>
          <Title order={2} id="certificates">
            {words.title}
          </Title>
          <Text size="sm" c="dimmed">
            {words.lead}
          </Text>
        </Stack>
        {data.length > 0 && (
          <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
            {data.map((certificate) => (
              <li key={certificate.id}>
                <CertificateLine
                  certificate={certificate}
                  onDelete={mayChange ? () => setDeleting(certificate) : undefined}
                />
              </li>
            ))}
          </Stack>
        )}
        {mayChange && (
          <div>
            <Button variant="default" loading={make.isPending} onClick={() => make.mutate()}>
              {words.make}
            </Button>
          </div>
        )}
        <RequestNotice request={make} />
      </Stack>
      {deleting && (
        <RemovalDialog
          title={words.deleteTitle(deleting.thumbprint)}
          what={words.deleteWhat}
          action={words.delete}
          removed={words.deleted}
          remove={() =>
            take(api.DELETE('/api/v1/email/settings/certificates/{id}', { params: { path: { id: deleting.id } } }))
          }
          listKey={certificatesQuery.queryKey}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </section>
  );
}

interface CertificateLineProps {
  readonly certificate: Certificate;
  readonly onDelete: (() => void) | undefined;
}

function CertificateLine({
  certificate: { id, thumbprint, validTo, daysLeft, use, certificate },
  onDelete,
}: CertificateLineProps) {
  const { certificates: words } = useDeskWords();
  const isFile = id === 'file';
  return (
    <Group justify="space-between" wrap="nowrap" align="start" gap="xs">
      <div>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {isFile && `${words.ofFile} `}
          <code>{thumbprint}</code>
        </Text>
        <Group gap="xs">
          <StatusLabel tone={tones[use]}>{words.uses[use]}</StatusLabel>
          <Text size="xs" {...(daysLeft > WARNED_FROM_DAYS && { c: 'dimmed' })}>
            {daysLeft > 0 ? words.until : words.over} <Moment time={validTo} />
          </Text>
          <Anchor
            size="xs"
            href={`data:application/x-pem-file,${encodeURIComponent(`${certificate}\n`)}`}
            download={`mailroom-${thumbprint.slice(0, 8).toLowerCase()}.pem`}
            aria-label={words.downloadOf(thumbprint)}
          >
            {words.download}
          </Anchor>
        </Group>
      </div>
      {onDelete && !isFile && use !== 'in-use' && (
        <IconAction icon="cross" label={words.deleteOf(thumbprint)} onClick={onDelete} />
      )}
    </Group>
  );
}
