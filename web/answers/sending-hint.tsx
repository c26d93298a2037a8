import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Schemas } from '../api/client.ts';
import { SendingWords } from '../parts/server-words.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';

interface SendingHintProps {
  readonly sending: Schemas['SendingState'];
  readonly item: Schemas['ItemWithMessage'];
}

/** Why a mail cannot be answered here, and where an administrator changes it. */
export function SendingHint({ sending: { missing, reason, words: why }, item }: SendingHintProps) {
  const { answers: words } = useDeskWords();
  const mayChangeSettings = useMay('settings.change');
  const mayConnect = useMay('accounts.change');
  const isOfInstallation = missing === 'installation';
  const mayHelp = isOfInstallation ? mayChangeSettings : mayConnect;
  return (
    <Text size="sm" c="dimmed">
      <SendingWords reason={reason}>{why ?? ''}</SendingWords>{' '}
      {mayHelp && (
        <Anchor
          underline="always"
          component={Link}
          to={isOfInstallation ? '/config/email/settings' : `/config/email/accounts/${item.account.id}`}
          size="sm"
        >
          {isOfInstallation ? words.toSettings : words.toAccount}
        </Anchor>
      )}
    </Text>
  );
}
