import { Anchor } from '@mantine/core';
import { Link, useLocation } from 'react-router';

/** What a link from a list takes along: the list's search, sorting and page, as its address has them. */
interface CameFrom {
  readonly list: string;
}

/** The state for links that lead from the list at this address to one of its entries. */
export function useCameFrom(): CameFrom {
  return { list: useLocation().search };
}

/** The address of the list from which somebody came, as it was; `path` alone when they came otherwise. */
export function useWayBack(path: string): string {
  const state = useLocation().state as Partial<CameFrom> | null;
  return `${path}${state?.list ?? ''}`;
}

interface BackLinkProps {
  /** The path of the list. */
  readonly to: string;
  readonly children: string;
}

/** Leads from an entry to its list. */
export function BackLink({ to, children }: BackLinkProps) {
  return (
    <Anchor component={Link} to={useWayBack(to)} size="sm">
      {children}
    </Anchor>
  );
}
