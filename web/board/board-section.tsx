import './board.css';
import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { TableScroll } from '../parts/table-scroll.tsx';

interface BoardSectionProps {
  /** Names the section in the document. */
  readonly id: string;
  readonly title: string;
  /** Instead of the table. */
  readonly none?: string | false;
  readonly children: ReactNode;
}

/** A table of the board under its title. */
export function BoardSection({ id, title, none, children }: BoardSectionProps) {
  return (
    <section className="board-section" aria-labelledby={id}>
      <Title order={2} id={id} mb={6}>
        {title}
      </Title>
      {none ? (
        <Text size="sm" c="dimmed">
          {none}
        </Text>
      ) : (
        <TableScroll className="panel">{children}</TableScroll>
      )}
    </section>
  );
}
