import { sql } from 'kysely';
import type { ProfileMapping } from '../../domain/profile-mapping.ts';
import type { SecurityProfile } from '../../domain/security-profile.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';

/** What the identity provider decides about people, and when it is asked again. */
export interface SignOnSettings {
  /** Whose values are mapped to profiles; null: profiles are set by hand. */
  readonly claim: string | null;
  readonly mappings: readonly ProfileMapping[];
  /** The profile without a mapped value; null: refused. */
  readonly unmatchedProfile: SecurityProfile | null;
  /** True: a mapped value adds a person who signs in for the first time. */
  readonly addsPeople: boolean;
  /** Changes of settings ask for a sign-in that is not older; null: never. */
  readonly stepUpMinutes: number | null;
  /** The `acr` that this sign-in must have; null: any. */
  readonly stepUpAcr: string | null;
  readonly version: number;
}

const columns = ['claim', 'unmatchedProfile', 'addsPeople', 'stepUpMinutes', 'stepUpAcr', 'version'] as const;

export async function findSignOnSettings(db: Queryable): Promise<SignOnSettings> {
  return await db
    .selectFrom('signOnSettings')
    .select([
      ...columns,
      sql<ProfileMapping[]>`coalesce((
        select jsonb_agg(jsonb_build_object('value', value, 'profile', profile, 'teamId', team_id) order by value, id)
        from profile_mappings
      ), '[]')`.as('mappings'),
    ])
    .executeTakeFirstOrThrow();
}

/** Saves all settings. `other-version`: others were saved since that version was read. */
export async function saveSignOnSettings(
  db: Database,
  actor: string,
  { version, mappings, ...settings }: SignOnSettings,
): Promise<'saved' | 'other-version'> {
  return await db.transaction().execute(async (trx) => {
    const before = await trx.selectFrom('signOnSettings').select(columns).forUpdate().executeTakeFirstOrThrow();
    if (before.version !== version) return 'other-version';
    await trx
      .updateTable('signOnSettings')
      .set({ ...settings, version: version + 1 })
      .execute();
    // Only what differs is written, because each row that is written stands in the audit trail.
    const wanted = sql`jsonb_to_recordset(${JSON.stringify(mappings.map(asRow))}::jsonb)
      as wanted (value text, profile text, team_id uuid)`;
    const isSame = sql`wanted.value = kept.value and wanted.profile = kept.profile
      and wanted.team_id is not distinct from kept.team_id`;
    await sql`delete from profile_mappings kept where not exists (select from ${wanted} where ${isSame})`.execute(trx);
    await sql`insert into profile_mappings (value, profile, team_id)
      select value, profile, team_id from ${wanted}
      where not exists (select from profile_mappings kept where ${isSame})`.execute(trx);
    const { stepUpMinutes, stepUpAcr, claim, unmatchedProfile, addsPeople } = settings;
    const details = { claim, unmatchedProfile, addsPeople, stepUpMinutes, stepUpAcr, mappings: mappings.length };
    await recordEvent(trx, { actor, name: 'sign-on-settings.changed', details });
    return 'saved';
  });
}

const asRow = ({ value, profile, teamId }: ProfileMapping) => ({ value, profile, team_id: teamId });
