import { sql, type Transaction } from 'kysely';
import { recordEvent } from '../accounts/events.ts';
import type { Schema } from '../schema.ts';

/** Members of a group, for the team that it is mapped to. */
interface Membership {
  readonly groupId: string;
  readonly teamId: string;
  readonly userIds: readonly string[];
}

/** Puts people into the team of their group. */
export async function joinTeam(trx: Transaction<Schema>, actor: string, { teamId, userIds }: Membership) {
  if (userIds.length === 0) return;
  await sql`insert into team_people (team_id, user_id)
    select ${teamId}, id from users where id = any(${[...userIds]}::uuid[]) on conflict do nothing`.execute(trx);
  await recordChange(trx, actor, teamId, { joined: userIds });
}

/** Takes people out of the team of a group that they left, unless another group of theirs is mapped to it as well. */
export async function leaveTeam(trx: Transaction<Schema>, actor: string, { groupId, teamId, userIds }: Membership) {
  if (userIds.length === 0) return;
  await sql`delete from team_people
    where team_id = ${teamId} and user_id = any(${[...userIds]}::uuid[]) and not exists (
      select from provisioned_group_members as m join provisioned_groups as g on g.id = m.group_id
      where m.user_id = team_people.user_id and g.team_id = ${teamId} and g.id <> ${groupId}
    )`.execute(trx);
  await recordChange(trx, actor, teamId, { left: userIds });
}

async function recordChange(trx: Transaction<Schema>, actor: string, teamId: string, change: object): Promise<void> {
  const details = { ...change, because: 'provisioning' };
  await recordEvent(trx, { actor, name: 'team.changed', targetId: teamId, details });
}

/** Takes a person out of the teams of all their groups. */
export async function withdrawFromTeams(trx: Transaction<Schema>, userId: string): Promise<void> {
  await sql`delete from team_people where user_id = ${userId} and team_id in (
    select team_id from provisioned_group_members as m join provisioned_groups as g on g.id = m.group_id
    where m.user_id = ${userId} and team_id is not null
  )`.execute(trx);
}
