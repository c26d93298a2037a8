import { type RawBuilder, sql } from 'kysely';

/**
 * An array of values, for a frequent statement over a few rows. The planner does not see into the subselect: it takes ten
 * elements for granted whether it knows the values or not. Otherwise a plan for the values at hand always looks cheaper
 * than the one that it could keep, so that it plans at every execution, which took longer than the executions of a poll's
 * statements.
 */
export function arrayParameter(values: readonly unknown[], type: string): RawBuilder<unknown> {
  const array = sql.raw(`${type}[]`);
  return sql`(select ${values}::${array})::${array}`;
}
