import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { PageHeader } from '../parts/page-header.tsx';
import { useWords } from './languages.tsx';

export function NotFoundPage() {
  const { common } = useWords();
  return (
    <Stack>
      <PageHeader title={common.notFound} />
      <Text size="sm">{common.notFoundWhat}</Text>
      <Anchor component={Link} to="/" size="sm">
        {common.toStart}
      </Anchor>
    </Stack>
  );
}
