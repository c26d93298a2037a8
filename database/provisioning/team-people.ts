import { sql, type Transaction } from 'kysely';
import { recordEvent } from '../accounts/events.ts';
import type { Schema } from '../schema.ts';

/** Members of a group, and the team that it is mapped to. */
interface Membership {
  readonly teamId: string;
  readonly userIds: readonly string[];
}

/** Of a row of `team_people`: the person is in a group that fills the team. */
export const isFilledByGroup = sql<boolean>`exists (
  select from provisioned_group_members as m join provisioned_groups as g on g.id = m.group_id
  where m.user_id = team_people.user_id and g.team_id = team_people.team_id
)`;

/** Of a row of `team_people`: the claim of the person's last sign-in has a value of the team (decision 64). */
const isMappedByClaim = sql<boolean>`exists (
  select from users join profile_mappings on value = any(mapped_values)
  where users.id = team_people.user_id and profile_mappings.team_id = team_people.team_id
    and (select claim is not null from sign_on_settings)
)`;

/** Puts people into the team of their group. */
export async function joinTeam(trx: Transaction<Schema>, actor: string, { teamId, userIds }: Membership) {
  if (userIds.length === 0) return;
  await sql`insert into team_people (team_id, user_id)
    select ${teamId}, id from users where id = any(${[...userIds]}::uuid[]) on conflict do nothing`.execute(trx);
  await recordChange(trx, actor, teamId, { joined: userIds });
}

/** Takes people who left a group out of its team, unless another group of theirs or their claim names it as well. */
export async function leaveTeam(trx: Transaction<Schema>, actor: string, { teamId, userIds }: Membership) {
  if (userIds.length === 0) return;
  await sql`delete from team_people where team_id = ${teamId} and user_id = any(${[...userIds]}::uuid[])
    and not ${isFilledByGroup} and not ${isMappedByClaim}`.execute(trx);
  await recordChange(trx, actor, teamId, { left: userIds });
}

async function recordChange(trx: Transaction<Schema>, actor: string, teamId: string, change: object): Promise<void> {
  const details = { ...change, because: 'provisioning' };
  await recordEvent(trx, { actor, name: 'team.changed', targetId: teamId, details });
}

/** Takes a person out of the teams of all their groups. */
export async function withdrawFromTeams(trx: Transaction<Schema>, userId: string): Promise<void> {
  await sql`delete from team_people where user_id = ${userId} and ${isFilledByGroup}`.execute(trx);
}
