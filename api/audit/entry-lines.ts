import { entryColumns } from '../../database/audit/entry-columns.ts';
import { type AuditEntry, type AuditFilter, allAuditEntries } from '../../database/audit/read-entries.ts';
import type { Queryable } from '../../database/database.ts';
import { BYTE_ORDER_MARK, csvLine } from '../board/csv.ts';

/** An entry as it is shown and exported. */
export function shownEntry({ hash, changes, ...entry }: AuditEntry) {
  return {
    ...entry,
    at: entry.at.toISOString(),
    changes: changes && [...changes],
    hash: hash?.toString('hex') ?? null,
  };
}

type ShownEntry = ReturnType<typeof shownEntry>;

const columns = ['number', ...entryColumns, 'changes', 'hash'] as const satisfies readonly (keyof ShownEntry)[];

export const auditFormats = ['csv', 'jsonl'] as const;
export type AuditFormat = (typeof auditFormats)[number];

/** The matching entries, the oldest first, a line for each; of CSV also a header, after a byte order mark. */
export async function* auditLines(db: Queryable, filter: AuditFilter, format: AuditFormat): AsyncGenerator<string> {
  if (format === 'csv') yield `${BYTE_ORDER_MARK}${csvLine(columns)}`;
  for await (const entry of allAuditEntries(db, filter)) {
    const shown = shownEntry(entry);
    yield format === 'csv' ? csvLine(columns.map((column) => cellOf(shown[column]))) : `${JSON.stringify(shown)}\n`;
  }
}

function cellOf(value: ShownEntry[(typeof columns)[number]]): string | number {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : value;
}
