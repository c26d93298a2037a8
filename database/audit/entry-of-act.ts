import type { AuditOutcome } from '../../domain/audit-act.ts';
import type { Act } from './act.ts';

/** They cannot be taken back: the right to them is asked again in their transaction, or before their answer leaves. */
const IRREVOCABLE = ['answer.send', 'mail.export', 'attachment.read', 'attachment.export', 'erasure.request'];

/**
 * Adds an entry with the changes that the triggers collected in this transaction; if the last parameter is false, only
 * if there are any. The object of an act that names none is the first row of its kind that it changed; its name is the one
 * that it has now.
 */
export const ENTRY_OF_ACT = `
  insert into audit_entries
    (act, outcome, reason, actor, actor_name, profile, address, agent, request_id, object_kind, object_id, object_name,
     changes)
  select $1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, changes -> 0 ->> 'table'), object_id,
    coalesce(
      $12,
      (select change ->> 'name' from jsonb_array_elements(changes) change where change ->> 'id' = object_id limit 1),
      (select address from accounts where $10 = 'account' and id = object_uuid),
      (select name from queues where $10 = 'queue' and id = object_uuid),
      (select email from users where $10 = 'user' and id = object_uuid),
      (select name from api_keys where $10 = 'key' and id = object_uuid)
    ),
    changes
  from (select ('[' || nullif(current_setting('mailroom.changes', true), '') || ']')::jsonb as changes) as collected,
    lateral (select coalesce(
      $11,
      (select change ->> 'id' from jsonb_array_elements(changes) change
        where change ->> 'table' like '%' || replace($10, '-', '_') || '%' limit 1),
      changes -> 0 ->> 'id'
    ) as object_id) as object,
    lateral (select case when pg_input_is_valid(object_id, 'uuid') then object_id::uuid end as object_uuid) as by_uuid
  where ($14::boolean or changes is not null) and case
    when $2 = 'done' and $1 in (${IRREVOCABLE.map((act) => `'${act}'`).join(', ')}) then require_right($1, $4, $6, $13::uuid[])
    else true end`;

/** The parameters of `ENTRY_OF_ACT` but for the last. */
export function valuesOfEntry(
  act: Act,
  outcome: AuditOutcome,
  reason: string | null,
): readonly (string | readonly string[] | null)[] {
  const { actorName, profile, address, agent, requestId, objectKind, objectId, objectName } = act;
  const optional = [actorName, profile, address, agent, requestId, objectKind, objectId, objectName];
  return [act.act, outcome, reason, act.actor, ...optional.map((value) => value ?? null), act.sees ?? null];
}
