/** What an entry of the audit trail says, but for what it changed, in the order of exports. */
export const entryColumns = [
  'at',
  'act',
  'outcome',
  'reason',
  'actor',
  'actorName',
  'profile',
  'address',
  'agent',
  'requestId',
  'objectKind',
  'objectId',
  'objectName',
] as const;
