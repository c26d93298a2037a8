import { Anchor } from '@mantine/core';
import { Link, useLocation } from 'react-router';

/** State of a link from a list: the list's search, sorting and page, as in its address. */
export interface CameFrom {
  readonly list: string;
}

/** State for links from the list at this address to its entries. */
export function useCameFrom(): CameFrom {
  return { list: useLocation().search };
}

/** The address of the list that the user came from, with its search and page; otherwise `path`. */
export function useWayBack(path: string): string {
  const state = useLocation().state as Partial<CameFrom> | null;
  return `${path}${state?.list ?? ''}`;
}

interface BackLinkProps {
  /** The path of the list. */
  readonly to: string;
  readonly children: string;
}

/** The link from an entry back to its list. */
export function BackLink({ to, children }: BackLinkProps) {
  return (
    <Anchor component={Link} to={useWayBack(to)} size="sm">
      {children}
    </Anchor>
  );
}
