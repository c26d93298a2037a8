import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { formatSize } from '../parts/format-size.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { knownWord } from '../parts/known-word.ts';
import { StatusLabel } from '../parts/status-label.tsx';
import { DownloadNotice, useDownload } from '../parts/use-download.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { shownName } from './shown-name.ts';

interface FileRowProps {
  readonly file: { readonly name: string; readonly size: number; readonly risk: string | null };
  readonly icon: IconName;
  /** What else is known of the file, after its size. */
  readonly notes?: readonly string[];
  readonly isInfected?: boolean;
  /** Where it is downloaded; undefined: not at all. */
  readonly address: string | undefined;
  /** Receives the name as it is shown; undefined: it cannot be opened here. */
  readonly onOpen: ((name: string) => void) | undefined;
}

/** A file of a mail, to be opened or downloaded. What can run where it is opened asks before it is downloaded. */
export function FileRow({ file, icon, notes = [], isInfected = false, address, onOpen }: FileRowProps) {
  const { locale } = useWords();
  const { mail: words } = useDeskWords();
  const [isAsking, setAsking] = useState(false);
  const download = useDownload(address ?? '');
  const { risk } = file;
  const name = shownName(file.name) || words.noName;
  const danger = risk !== null && risk in words.riskWords ? knownWord(words.riskWords, risk) : undefined;
  const button = { size: 'compact-sm', variant: 'default' } as const;
  return (
    <li className="attachment">
      <Icon name={icon} />
      <div className="attachment-name">
        <bdi title={file.name === name ? undefined : shownName(file.name)}>{name}</bdi>{' '}
        <Text span size="xs" c="dimmed">
          {[formatSize(file.size, locale), ...notes].join(', ')}
        </Text>{' '}
        {risk !== null && (
          <StatusLabel tone={risk === 'archive' ? 'idle' : isInfected ? 'bad' : 'warn'}>
            {knownWord(words.risks, risk)}
          </StatusLabel>
        )}
      </div>
      <Group gap={4} wrap="nowrap">
        {onOpen && (
          <Button {...button} aria-label={words.openOf(name)} onClick={() => onOpen(name)}>
            {words.open}
          </Button>
        )}
        {address !== undefined &&
          (danger === undefined ? (
            <Button {...button} component="a" {...download.link} aria-label={words.downloadOf(name)}>
              {words.download}
            </Button>
          ) : (
            <Button {...button} aria-label={words.downloadOf(name)} onClick={() => setAsking(true)}>
              {words.download}
            </Button>
          ))}
      </Group>
      <DownloadNotice download={download} />
      {isAsking && (
        <Dialog title={name} onClose={() => setAsking(false)}>
          <Stack gap="md">
            <Text size="sm">
              {danger} {words.riskAdvice}
            </Text>
            <Group justify="flex-end">
              <Button
                component="a"
                {...download.link}
                color="red"
                onClick={(event) => {
                  download.link.onClick(event);
                  setAsking(false);
                }}
              >
                {words.downloadAllTheSame}
              </Button>
            </Group>
          </Stack>
        </Dialog>
      )}
    </li>
  );
}
