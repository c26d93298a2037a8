import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { MissingPage } from '../parts/missing-page.tsx';
import { useWords } from './languages.tsx';

export function NotFoundPage() {
  const { common } = useWords();
  return (
    <MissingPage
      title={common.notFound}
      action={
        <Anchor component={Link} to="/" size="sm">
          {common.toStart}
        </Anchor>
      }
    >
      {common.notFoundWhat}
    </MissingPage>
  );
}
