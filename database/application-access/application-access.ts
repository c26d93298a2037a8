import { sql } from 'kysely';
import type { ApplicationFacts, ScopeOutcome } from '../../domain/application-access.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import { pollAgainAfter } from '../ingest/watches.ts';

/** The app that settings or a check belong to. */
export function appOf({ tenantId, clientId }: { readonly tenantId: string; readonly clientId: string }): string {
  return `${tenantId}/${clientId}`.toLowerCase();
}

/** By which the use of the application's rights is decided. */
export async function findApplicationFacts(db: Queryable): Promise<ApplicationFacts> {
  const row = await db
    .selectFrom('settings')
    .leftJoin('applicationAccess', (join) => join.onTrue())
    .select(['settings.tenantId', 'settings.clientId', 'enabled', 'outcome'])
    .select(['applicationAccess.tenantId as checkedTenantId', 'applicationAccess.clientId as checkedClientId'])
    .executeTakeFirst();
  if (!row) return { enabled: false, outcome: null, checkedApp: null, currentApp: null };
  const { enabled, outcome, checkedTenantId: tenantId, checkedClientId: clientId } = row;
  return {
    enabled: enabled ?? false,
    outcome,
    checkedApp: tenantId === null || clientId === null ? null : appOf({ tenantId, clientId }),
    currentApp: appOf(row),
  };
}

/** Application access as it may be shown. */
export interface ApplicationAccessView extends ApplicationFacts {
  readonly canaries: readonly string[];
  readonly requestedAt: Date | null;
  /** The last check, and why it had no result. */
  readonly triedAt: Date | null;
  readonly failureReason: string | null;
  readonly failureCode: string | null;
  readonly failureStatus: number | null;
  readonly failureRequestId: string | null;
  /** The last check that had a result. */
  readonly checkedAt: Date | null;
  readonly provedAt: Date | null;
  readonly readable: readonly string[];
  readonly missing: readonly string[];
  readonly roles: readonly string[] | null;
  /** Accounts that are read with the application's rights. */
  readonly accounts: number;
}

const nothing = {
  canaries: [],
  requestedAt: null,
  triedAt: null,
  failureReason: null,
  failureCode: null,
  failureStatus: null,
  failureRequestId: null,
  checkedAt: null,
  provedAt: null,
  readable: [],
  missing: [],
  roles: null,
} as const;

export async function findApplicationAccess(db: Queryable): Promise<ApplicationAccessView> {
  const [facts, row, { accounts }] = await Promise.all([
    findApplicationFacts(db),
    db
      .selectFrom('applicationAccess')
      .select(['canaries', 'requestedAt', 'triedAt', 'failureReason', 'failureCode', 'failureStatus'])
      .select(['failureRequestId', 'checkedAt', 'provedAt', 'readable', 'missing', 'roles'])
      .executeTakeFirst(),
    db
      .selectFrom('accounts')
      .select((select) => select.fn.countAll<number>().as('accounts'))
      .where('access', '=', 'application')
      .where('removedAt', 'is', null)
      .executeTakeFirstOrThrow(),
  ]);
  return { ...nothing, ...row, ...facts, accounts };
}

/**
 * Asks for a check of these canaries; the workers make it. Other canaries take the place of an earlier result: what was
 * proved with others is not proved with these. Returns when it was asked for, in whole milliseconds as the start of a check
 * has them: otherwise a check that answers it could seem to have begun before.
 */
export async function requestCheck(db: Queryable, canaries?: readonly string[]): Promise<Date> {
  const { rows } = await sql<{ requestedAt: Date }>`
    insert into application_access (canaries, requested_at)
    values (${[...(canaries ?? [])]}::text[], date_trunc('milliseconds', clock_timestamp()))
    on conflict (id) do update set
      requested_at = excluded.requested_at
      ${
        canaries === undefined
          ? sql``
          : sql`, canaries = excluded.canaries,
            outcome = case when application_access.canaries = excluded.canaries then application_access.outcome end`
      }
    returning requested_at
  `.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('The row of application access vanished');
  return row.requestedAt;
}

/** Switches application access on or off. */
export async function switchApplicationAccess(db: Database, actor: string, enabled: boolean): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const before = await trx.selectFrom('applicationAccess').select('enabled').forUpdate().executeTakeFirst();
    if ((before?.enabled ?? false) === enabled) return;
    await trx
      .insertInto('applicationAccess')
      .values({ enabled })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ enabled }))
      .execute();
    if (enabled) await pollAgainAfter(trx, 'AccessRefused');
    await recordEvent(trx, { actor, name: 'settings.application-access-changed', details: { enabled } });
  });
}

/** The result of a check. `outcome` undefined: it has none, and what was known before stays. */
export interface ScopeCheck {
  readonly outcome: ScopeOutcome | undefined;
  readonly readable: readonly string[];
  readonly missing: readonly string[];
  readonly roles: readonly string[] | undefined;
  readonly clockSkewMs: number | undefined;
  readonly failure:
    | {
        readonly reason: string;
        readonly code?: string | undefined;
        readonly status?: number | undefined;
        readonly requestId?: string | undefined;
      }
    | undefined;
}

/** A check that a worker makes now. */
export interface DueCheck {
  readonly startedAt: Date;
  readonly canaries: readonly string[];
}

/** Who checks may die: another worker begins again after this. */
const CHECK_LEASE_SECONDS = 60;
const CHECKED_EVERY_HOURS = 24;
/** After a check without a result. */
const TRIED_AGAIN_AFTER_MINUTES = 10;

/**
 * Takes the check that is due, for one worker: requested, a day after the last one, sooner after one without a result, or
 * because the settings name another app. Undefined when none is.
 */
export async function takeDueCheck(db: Queryable): Promise<DueCheck | undefined> {
  const { rows } = await sql<DueCheck>`
    update application_access set claimed_until = now() + ${CHECK_LEASE_SECONDS} * interval '1 second'
    from settings
    where cardinality(canaries) > 0 and (claimed_until is null or claimed_until < now()) and (
      requested_at is not null and (tried_at is null or tried_at < requested_at)
      or enabled and (
        tried_at is null or tried_at < now() - ${CHECKED_EVERY_HOURS} * interval '1 hour'
        or tried_at < now() - ${TRIED_AGAIN_AFTER_MINUTES} * interval '1 minute' and failure_reason is not null
        or tried_at < now() - interval '1 minute' and (
          application_access.tenant_id is distinct from settings.tenant_id
          or application_access.client_id is distinct from settings.client_id
        )
      )
    )
    returning clock_timestamp() as started_at, canaries
  `.execute(db);
  return rows[0];
}

/**
 * Stores the result of a check, unless other canaries were entered since it began. Accounts that waited for a proof are
 * polled at once.
 */
export async function endCheck(
  db: Database,
  { startedAt, canaries }: DueCheck,
  app: { readonly tenantId: string; readonly clientId: string } | undefined,
  { outcome, readable, missing, roles, clockSkewMs, failure }: ScopeCheck,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const before = await trx
      .selectFrom('applicationAccess')
      .select(['outcome', 'enabled', 'canaries', 'tenantId', 'clientId'])
      .forUpdate()
      .executeTakeFirst();
    if (!before) return;
    const isSame =
      before.canaries.length === canaries.length && before.canaries.every((each, at) => each === canaries[at]);
    if (!isSame) {
      await trx.updateTable('applicationAccess').set({ claimedUntil: null }).execute();
      return;
    }
    await trx
      .updateTable('applicationAccess')
      .set({
        claimedUntil: null,
        // Before what was asked for while it ran: that is answered by the next one.
        triedAt: startedAt,
        failureReason: failure?.reason ?? null,
        failureCode: failure?.code ?? null,
        failureStatus: failure?.status ?? null,
        failureRequestId: failure?.requestId ?? null,
        missing: [...missing],
        ...(roles === undefined ? {} : { roles: [...roles] }),
        ...(clockSkewMs === undefined ? {} : { clockSkewMs }),
        ...(outcome === undefined || app === undefined
          ? {}
          : {
              outcome,
              checkedAt: sql<Date>`now()`,
              readable: [...readable],
              tenantId: app.tenantId,
              clientId: app.clientId,
              ...(outcome === 'proved' ? { provedAt: sql<Date>`now()` } : {}),
            }),
      })
      .execute();
    if (outcome === undefined || app === undefined) return;
    const isNews = before.outcome !== outcome || before.tenantId !== app.tenantId || before.clientId !== app.clientId;
    if (!isNews) return;
    if (outcome === 'proved') await pollAgainAfter(trx, 'AccessRefused');
    const name = outcome === 'proved' ? 'settings.application-scope-proved' : 'settings.application-scope-refuted';
    const details = { canaries: canaries.length, readable: readable.length };
    await recordEvent(trx, { actor: 'mailroom', name, details });
  });
}
