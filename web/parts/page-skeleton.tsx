import { Skeleton } from '@mantine/core';
import { useWords } from '../shell/languages.tsx';

/** The place of a page whose title is not known yet. For screen readers, it has one. */
export function PageSkeleton() {
  const { common } = useWords();
  return (
    <>
      <h1 className="visually-hidden">{common.loading}</h1>
      <Skeleton height={480} radius="md" />
    </>
  );
}
