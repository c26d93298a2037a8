import { Link } from 'react-router';
import type { Schemas } from '../api/client.ts';
import type { CameFrom } from '../parts/back-link.tsx';
import { shownSubject } from '../parts/shown-subject.ts';
import { useWords } from '../shell/languages.tsx';

interface ItemLinkProps {
  readonly item: Pick<Schemas['Item'], 'id' | 'subject' | 'contentDeletedAt'>;
  /** Of a list to which the item's page leads back; undefined: it leads to the item's queue. */
  readonly cameFrom?: CameFrom;
}

/** The subject of an item, as the link of its row. */
export function ItemLink({ item: { id, subject, contentDeletedAt }, cameFrom }: ItemLinkProps) {
  const { queues: words } = useWords();
  return (
    <Link className="row-link" to={`/items/${id}`} state={cameFrom}>
      <bdi>{shownSubject(subject, contentDeletedAt === null ? words.noSubject : words.contentDeleted)}</bdi>
    </Link>
  );
}
