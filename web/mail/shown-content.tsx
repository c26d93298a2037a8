import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../api/client.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { AttachedMail } from './attached-mail.tsx';
import { type ContentSource, contentQuery } from './content-source.ts';
import { InvitationFacts } from './invitation-facts.tsx';
import { PlainMail } from './plain-mail.tsx';
import { ReportFacts } from './report-facts.tsx';

interface ShownContentProps {
  readonly source: ContentSource;
  /** The file's name, where it stands above. */
  readonly name?: string;
  /** Opens a part inside. */
  readonly onOpen: (part: string, name: string) => void;
}

/** An attached mail, an invitation, a report, signed mail or a text, as Mailroom read it. */
export function ShownContent({ source, name, onOpen }: ShownContentProps) {
  const { common } = useWords();
  const { data, error, refetch, isFetching } = useQuery(contentQuery(source));
  if (data) return <Content content={data} source={source} name={name} onOpen={onOpen} />;
  if (error && !isFetching) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  return <Skeleton height={160} aria-label={common.loading} />;
}

interface ContentProps extends Omit<ShownContentProps, 'name'> {
  readonly name: string | undefined;
  readonly content: Schemas['ShownContent'];
}

function Content({ content, source, name, onOpen }: ContentProps) {
  const { mail: words } = useDeskWords();
  switch (content.kind) {
    case 'message':
      return <AttachedMail mail={content} source={source} name={name} onOpen={onOpen} />;
    case 'invitation':
      return <InvitationFacts invitation={content} />;
    case 'report':
      return <ReportFacts report={content} />;
    case 'text':
      return (
        <>
          <PlainMail text={content.text} isFixedWidth isOpen />
          {content.isCut && (
            <Text size="sm" c="dimmed">
              {words.textCut}
            </Text>
          )}
        </>
      );
    case 'signed':
    case 'encrypted':
    case 'smime':
    case 'pgp-signed':
    case 'pgp-encrypted':
      return (
        <>
          <Text size="sm">{words.special[content.kind]}</Text>
          {content.signer && (
            <Text size="sm">
              {words.signer}: <bdi>{[content.signer.name, content.signer.address].filter(Boolean).join(', ')}</bdi>
            </Text>
          )}
          {content.message && <AttachedMail mail={content.message} source={source} name={name} onOpen={onOpen} />}
        </>
      );
    default:
      // Of a newer release.
      return <Text size="sm">{words.notShown}</Text>;
  }
}
