import { ProblemNotice } from './problem-notice.tsx';
import { TableSkeleton } from './table-skeleton.tsx';

interface UnloadedTableProps {
  readonly isLoaded: boolean;
  readonly error: unknown;
  readonly onRetry: () => void;
  /** Of the table that will be there. */
  readonly rows: number;
}

/** In the place of a table that is not loaded: why, or its outline. */
export function UnloadedTable({ isLoaded, error, onRetry, rows }: UnloadedTableProps) {
  if (isLoaded) return null;
  if (error) return <ProblemNotice error={error} onRetry={onRetry} />;
  return (
    <div className="panel">
      <TableSkeleton rows={rows} />
    </div>
  );
}
