/** The mail that a person or an API key sees: of these queues, and of these accounts. Undefined fields: of all. */
export interface Reach {
  readonly queueIds?: readonly string[] | undefined;
  readonly accountIds?: readonly string[] | undefined;
}

/** Where an item is. */
export interface Place {
  /** Null: in no queue. Only who sees all queues sees it. */
  readonly queueId: string | null;
  readonly accountId: string;
}

/** True when the reach leaves anything out. */
export function isLimited({ queueIds, accountIds }: Reach): boolean {
  return queueIds !== undefined || accountIds !== undefined;
}

export function reachesQueue({ queueIds }: Reach, queueId: string | null): boolean {
  return queueIds === undefined || (queueId !== null && queueIds.includes(queueId));
}

export function reachesPlace(reach: Reach, { queueId, accountId }: Place): boolean {
  return reachesQueue(reach, queueId) && (reach.accountIds?.includes(accountId) ?? true);
}

/** What both reach. */
export function intersectReach(one: Reach, other: Reach): Reach {
  const both = (ours: readonly string[] | undefined, theirs: readonly string[] | undefined) =>
    ours === undefined || theirs === undefined ? (ours ?? theirs) : ours.filter((id) => theirs.includes(id));
  return { queueIds: both(one.queueIds, other.queueIds), accountIds: both(one.accountIds, other.accountIds) };
}
