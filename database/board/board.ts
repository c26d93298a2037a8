import { type RawBuilder, sql } from 'kysely';
import type { AvailabilityState, AwayReason } from '../../domain/offering.ts';
import { overdueBefore } from '../../domain/queue-target.ts';
import { type Reach, reachesQueue } from '../../domain/reach.ts';
import type { Database, Queryable } from '../database.ts';
import { awayBecause, capacityOf, isAvailable, stateSince } from '../offers/availability.ts';
import { actorName } from '../people/actor-name.ts';
import { isWithin, seesQueue } from '../people/reach.ts';
import { isAnswered, isClaimed, isWaiting } from '../queues/item-state.ts';
import { type ItemSummary, selectItemSummaries } from '../queues/messages.ts';
import { listQueues, type QueueView } from '../queues/queues.ts';

/** How many items were handled in a time, and how long their senders waited. */
export interface Handled {
  readonly handled: number;
  /**
   * From the receipt to the first answer, of the items that were first answered in the time, completed or not; and to the
   * completion of those that were completed without an answer. Null: there are none.
   */
  readonly firstAnswerP50Seconds: number | null;
  readonly firstAnswerP90Seconds: number | null;
}

export interface QueueOnBoard extends Handled, QueueView {
  /** Open items past the queue's target; null: it has none. */
  readonly overdue: number | null;
  /** Open items that will be so within half an hour. */
  readonly dueSoon: number | null;
}

export interface AgentOnBoard extends Handled {
  /** `user:<id>` or `key:<id>`. */
  readonly actor: string;
  readonly name: string | null;
  readonly claimed: number;
  readonly lastAt: Date | null;
  /** Null: never chosen, so that nothing is offered. */
  readonly availability: AvailabilityState | null;
  readonly because: AwayReason | null;
  readonly since: Date | null;
  /** Open offers. */
  readonly offered: number;
  /** How many items at a time are offered; null: a key, or a user who is gone. */
  readonly capacity: number | null;
}

export interface DayOnBoard extends Handled {
  /** ISO date in the time zone. */
  readonly day: string;
  /** Null: of all queues. */
  readonly queueName: string | null;
}

export interface Board {
  readonly asOf: Date;
  /** Their figures are of today. */
  readonly queues: readonly QueueOnBoard[];
  readonly agents: readonly AgentOnBoard[];
  readonly days: readonly DayOnBoard[];
  /** Claimed items, the longest held first. */
  readonly held: readonly ItemSummary[];
}

/** Time to do something about what is due. */
export const DUE_SOON_MINUTES = 30;

/** More claimed items make no overview. */
const HELD_SHOWN = 200;

/** What supervisors see of queues and agents, of the mail within a reach. Days begin at midnight in the time zone (IANA name). */
export async function readBoard(
  db: Database,
  { timeZone, days, reach }: { readonly timeZone: string; readonly days: number; readonly reach: Reach },
): Promise<Board> {
  const asOf = new Date();
  const [queues, due, handled, agents, byDay, held] = await Promise.all([
    listQueues(db),
    countDue(db, asOf),
    handledToday(db, timeZone),
    listAgents(db, timeZone, reach),
    handledByDay(db, { timeZone, days: { from: days - 1, to: 0 }, byQueue: false, reach }),
    listHeld(db, reach),
  ]);
  return {
    asOf,
    queues: queues
      .filter(({ id }) => reach.accountIds === undefined && reachesQueue(reach, id))
      .map((queue) => ({
        ...queue,
        ...(handled.get(queue.id) ?? NOTHING),
        ...(queue.target === null ? NO_TARGET : (due.get(queue.id) ?? NOTHING_DUE)),
      })),
    agents,
    days: byDay,
    held,
  };
}

const NOTHING: Handled = { handled: 0, firstAnswerP50Seconds: null, firstAnswerP90Seconds: null };
const NO_TARGET = { overdue: null, dueSoon: null };
const NOTHING_DUE = { overdue: 0, dueSoon: 0 };

interface Due {
  readonly overdue: number;
  readonly dueSoon: number;
}

async function countDue(db: Queryable, now: Date): Promise<ReadonlyMap<string, Due>> {
  const queues = await db.selectFrom('queues').select(['id', 'target']).where('target', 'is not', null).execute();
  const soon = new Date(now.getTime() + DUE_SOON_MINUTES * 60_000);
  const of = (moment: Date, isAnswered: boolean) =>
    queues.map(({ target }) => overdueBefore(target, moment, isAnswered) ?? null);
  const receivedBeforeSoon = sql`received_at < case when ${isAnswered} then answered_soon else unanswered_soon end`;
  const receivedBeforeNow = sql`received_at < case when ${isAnswered} then answered else unanswered end`;
  const { rows } = await sql<Due & { queueId: string }>`
    select queue_id, count(*) filter (where ${receivedBeforeNow}) as overdue,
      count(*) filter (where not coalesce(${receivedBeforeNow}, false)) as due_soon
    from unnest(
      ${queues.map(({ id }) => id)}::uuid[], ${of(now, false)}::timestamptz[], ${of(now, true)}::timestamptz[],
      ${of(soon, false)}::timestamptz[], ${of(soon, true)}::timestamptz[]
    ) as limits (id, unanswered, answered, unanswered_soon, answered_soon)
    join items on queue_id = limits.id and state <> 'completed'
      and received_at < greatest(unanswered_soon, answered_soon)
    where (${isWaiting} or ${isClaimed}) and ${receivedBeforeSoon}
    group by queue_id
  `.execute(db);
  return new Map(rows.map(({ queueId, ...due }) => [queueId, due]));
}

const NOW = sql`now()`;
const startOfToday = (timeZone: string) => sql`date_trunc('day', now(), ${timeZone})`;

/** Figures of what was done, which the caller's query groups. */
const handledFigures = sql`
  count(*) filter (where is_completion) as handled,
  percentile_cont(0.5) within group (order by waited) as "firstAnswerP50Seconds",
  percentile_cont(0.9) within group (order by waited) as "firstAnswerP90Seconds"`;

/** Completions and first answers in a time, with how long senders waited for the first that became of their mail. */
const doneBetween = (since: RawBuilder<unknown>, until: RawBuilder<unknown>, reach?: Reach) => sql`(
  select queue_id, claimed_by as actor, completed_at as done_at, true as is_completion,
    case when not ${isAnswered} then extract(epoch from completed_at - received_at)::float8 end as waited
  from items where state = 'completed' and completed_at >= ${since} and completed_at < ${until} and ${isWithin(reach)}
  union all
  select queue_id, answered_by, answered_at, false, extract(epoch from answered_at - received_at)::float8
  from items where answered_at >= ${since} and answered_at < ${until} and ${isWithin(reach)}
) as done`;

async function handledToday(db: Queryable, timeZone: string): Promise<ReadonlyMap<string, Handled>> {
  const { rows } = await sql<Handled & { queueId: string }>`
    select queue_id, ${handledFigures} from ${doneBetween(startOfToday(timeZone), NOW)} group by queue_id
  `.execute(db);
  return new Map(rows.map(({ queueId, ...figures }) => [queueId, figures]));
}

/** Without a request of a page for so long, an agent counts as gone. */
const SIGNED_IN_WITHIN_MINUTES = 15;

/**
 * Who holds an item now, completed or answered one today, is available or was so today, and agents who are signed in and have no
 * item; by name.
 */
async function listAgents(db: Queryable, timeZone: string, reach: Reach): Promise<readonly AgentOnBoard[]> {
  const openOffers = sql`(select count(*) from offers where offers.user_id = users.id and outcome is null)`;
  const isSeen = reach.queueIds === undefined ? sql`true` : seesOneOf(reach.queueIds);
  const { rows } = await sql<AgentOnBoard>`
    select seen.*, ${actorName('seen.actor')} as name,
      case when ${isAvailable} then 'available' when agent_availability.user_id is not null then 'away' end
        as availability,
      case when agent_availability.user_id is not null then ${awayBecause} end as because,
      case when agent_availability.user_id is not null then ${stateSince} end as since,
      ${openOffers} as offered, case when users.id is not null then ${capacityOf} end as capacity
    from (
      select actor, coalesce(claimed, 0) as claimed, coalesce(handled, 0) as handled,
        "firstAnswerP50Seconds", "firstAnswerP90Seconds", greatest(claimed_at, done_at) as last_at
      from (
        select 'user:' || user_id as actor from agent_availability join users on users.id = user_id
          where users.enabled and ${isSeen} and (${isAvailable} or seen_at >= ${startOfToday(timeZone)})
        union select 'user:' || user_id from sessions join users on users.id = user_id
          where users.enabled and ${isSeen} and users.profile = 'Agent' and sessions.expires_at > now()
            and sessions.last_seen_at > now() - ${SIGNED_IN_WITHIN_MINUTES} * interval '1 minute'
      ) as present full join (
        select claimed_by as actor, count(*) as claimed, max(claimed_at) as claimed_at
        from items where state <> 'completed' and ${isClaimed} and ${isWithin(reach)} group by claimed_by
      ) as holding using (actor)
      full join (
        select actor, max(done_at) as done_at, ${handledFigures}
        from ${doneBetween(startOfToday(timeZone), NOW, reach)} where actor is not null group by actor
      ) as completing using (actor)
    ) as seen
    left join users on 'user:' || users.id = seen.actor
    left join agent_availability on agent_availability.user_id = users.id
    order by name nulls last, actor
  `.execute(db);
  return rows;
}

/** True for a row of `users` that sees the mail of one of the queues. */
function seesOneOf(queueIds: readonly string[]) {
  return sql<boolean>`exists (
    select from unnest(${queueIds}::uuid[]) as theirs (id) where ${seesQueue(sql`theirs.id`)}
  )`;
}

/** Days by how long ago they were: 0 is today. */
export interface DaySpan {
  readonly from: number;
  readonly to: number;
}

/** Days, the newest first, those on which nothing was done left out. */
export async function handledByDay(
  db: Queryable,
  {
    timeZone,
    days,
    byQueue,
    reach,
  }: { readonly timeZone: string; readonly days: DaySpan; readonly byQueue: boolean; readonly reach: Reach },
): Promise<readonly DayOnBoard[]> {
  // Days of a zone have 23 to 25 hours: counted on its calendar.
  const start = (daysAgo: number) =>
    sql`((${startOfToday(timeZone)} at time zone ${timeZone} - ${daysAgo} * interval '1 day') at time zone ${timeZone})`;
  const queueName = byQueue ? sql`queues.name` : sql`null::text`;
  const { rows } = await sql<DayOnBoard>`
    select to_char(day, 'YYYY-MM-DD') as day, queue_name, handled, "firstAnswerP50Seconds", "firstAnswerP90Seconds"
    from (
      select (done_at at time zone ${timeZone})::date as day, ${queueName} as queue_name, ${handledFigures}
      from ${doneBetween(start(days.from), start(days.to - 1), reach)} left join queues on queues.id = done.queue_id
      group by 1, 2
    ) as days
    order by days.day desc, queue_name
  `.execute(db);
  return rows;
}

async function listHeld(db: Queryable, reach: Reach): Promise<readonly ItemSummary[]> {
  return await selectItemSummaries(db)
    .where('items.state', '<>', 'completed')
    .where(isClaimed)
    .where(isWithin(reach))
    .orderBy('items.claimedAt')
    .limit(HELD_SHOWN)
    .execute();
}
