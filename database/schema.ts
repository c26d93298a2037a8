import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { AccountAccess } from '../domain/account-access.ts';
import type { AccountState, SignInState } from '../domain/account-state.ts';
import type { Acknowledgement, AcknowledgementOutcome } from '../domain/acknowledgement.ts';
import type { AnswerFormat, AnswerKind, AnswerState } from '../domain/answer.ts';
import type { ScopeOutcome } from '../domain/application-access.ts';
import type { AutomaticKind } from '../domain/automatic-mail.ts';
import type { CommandOutcome } from '../domain/command-outcome.ts';
import type { DifferenceOutcome } from '../domain/difference-outcome.ts';
import type { DrainOutcome } from '../domain/drain-outcome.ts';
import type { ConversationRule, Doing, NoteKind, ParkReason } from '../domain/item-work.ts';
import type { KeyPurpose } from '../domain/key-limits.ts';
import type { LeftOut } from '../domain/message-limits.ts';
import type { AvailabilityState, AwayReason, OfferOutcome, QueueOffers } from '../domain/offering.ts';
import type { QueueTarget } from '../domain/queue-target.ts';
import type { RetentionCounts } from '../domain/retention.ts';
import type { Decision } from '../domain/routing.ts';
import type { SecurityProfile } from '../domain/security-profile.ts';
import type { TextForm } from '../domain/text-form.ts';
import type { WatchState } from '../domain/watch-state.ts';

type Time = ColumnType<Date, Date | string, Date | string>;
type TimeOrNull = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
type GeneratedTime = ColumnType<Date, Date | string | undefined, Date | string>;
/** bigint arrives as a number: the pool parses it, and no count or version reaches 2^53. */
type BigInt = ColumnType<number, number | undefined, number>;

/** The tables as kysely sees them: camelCase here, snake_case in PostgreSQL (CamelCasePlugin). */
export interface Schema {
  settings: SettingsTable;
  clientCertificates: ClientCertificatesTable;
  applicationAccess: ApplicationAccessTable;
  users: UsersTable;
  teams: TeamsTable;
  teamPeople: TeamPeopleTable;
  teamQueues: TeamQueuesTable;
  sessions: SessionsTable;
  sessionLimits: SessionLimitsTable;
  signOnSettings: SignOnSettingsTable;
  profileMappings: ProfileMappingsTable;
  logoutTokens: LogoutTokensTable;
  singleSignOns: SingleSignOnsTable;
  attemptCounts: AttemptCountsTable;
  apiKeys: ApiKeysTable;
  provisioning: ProvisioningTable;
  provisionedPeople: ProvisionedPeopleTable;
  provisionedGroups: ProvisionedGroupsTable;
  provisionedGroupMembers: ProvisionedGroupMembersTable;
  queues: QueuesTable;
  accounts: AccountsTable;
  signIns: SignInsTable;
  tokenCaches: TokenCachesTable;
  rules: RulesTable;
  cursors: CursorsTable;
  messages: MessagesTable;
  attachments: AttachmentsTable;
  items: ItemsTable;
  quarantine: QuarantineTable;
  captured: CapturedTable;
  copies: CopiesTable;
  inboxDrafts: InboxDraftsTable;
  drains: DrainsTable;
  events: EventsTable;
  watches: WatchesTable;
  subscriptions: SubscriptionsTable;
  mailboxBudgets: MailboxBudgetsTable;
  fullMailboxes: FullMailboxesTable;
  reconciliations: ReconciliationsTable;
  differences: DifferencesTable;
  processes: ProcessesTable;
  keyChecks: KeyChecksTable;
  workflowChecks: WorkflowChecksTable;
  stuckWorkflows: StuckWorkflowsTable;
  shownColumns: ShownColumnsTable;
  unreadAttachments: UnreadAttachmentsTable;
  accountCommands: AccountCommandsTable;
  imageSenders: ImageSendersTable;
  contents: ContentsTable;
  contentChunks: ContentChunksTable;
  contentTurns: ContentTurnsTable;
  searchDocuments: SearchDocumentsTable;
  searchLanguages: SearchLanguagesTable;
  searchPending: SearchPendingTable;
  searchWords: SearchWordsTable;
  searchUpkeep: SearchUpkeepTable;
  answers: AnswersTable;
  acknowledgements: AcknowledgementsTable;
  answerAttachments: AnswerAttachmentsTable;
  answerAttachmentParts: AnswerAttachmentPartsTable;
  signatures: SignaturesTable;
  cannedAnswers: CannedAnswersTable;
  itemNotes: ItemNotesTable;
  itemMentions: ItemMentionsTable;
  itemPresence: ItemPresenceTable;
  retention: RetentionTable;
  holds: HoldsTable;
  erasures: ErasuresTable;
  erasureItems: ErasureItemsTable;
  agentAvailability: AgentAvailabilityTable;
  offers: OffersTable;
  auditEntries: AuditEntriesTable;
  auditSeals: AuditSealsTable;
  auditPending: AuditPendingTable;
  auditAnchors: AuditAnchorsTable;
  auditStream: AuditStreamTable;
}

export interface SettingsTable {
  id: Generated<boolean>;
  tenantId: string;
  clientId: string;
  /** Of an empty text where a certificate takes its place. */
  clientSecret: string;
  clientSecretHint: string;
  clientSecretSetAt: GeneratedTime;
  /** Mailboxes that may be connected; empty: all. */
  allowedAddresses: Generated<string[]>;
  /** How Mailroom proves itself to Entra; `file`: by the certificate that each process was given. */
  credential: Generated<'secret' | 'certificate' | 'file'>;
  certificateId: string | null;
  previousCertificateId: string | null;
  /** Of a secret, as an administrator entered it; null: not known. Of a certificate, its end. */
  clientSecretExpiresAt: TimeOrNull;
  /** The one before, for when Entra refuses the present one. */
  previousClientSecret: string | null;
  previousClientSecretUntil: TimeOrNull;
  /** The days of the last warning of its end. */
  warnedDays: number | null;
  version: Generated<number>;
  subscriptionCeilingMinutes: number | null;
  subscriptionCeilingAt: TimeOrNull;
  faultReason: string | null;
  faultCode: string | null;
  faultStatus: number | null;
  faultRequestId: string | null;
  faultSince: TimeOrNull;
  /** Agents may answer mail, from the accounts that allow it. */
  sendingEnabled: Generated<boolean>;
  updatedAt: GeneratedTime;
}

/** Whether accounts may be read with the application's own rights. At most one row. */
export interface ApplicationAccessTable {
  id: Generated<boolean>;
  enabled: Generated<boolean>;
  /** Mailboxes that the application must not be able to read. */
  canaries: Generated<string[]>;
  requestedAt: TimeOrNull;
  /** A worker is checking. */
  claimedUntil: TimeOrNull;
  /** The last check, and why it had no result. */
  triedAt: TimeOrNull;
  failureReason: string | null;
  failureCode: string | null;
  failureStatus: number | null;
  failureRequestId: string | null;
  /** Of the last check that had one, for the app below. */
  outcome: ScopeOutcome | null;
  checkedAt: TimeOrNull;
  provedAt: TimeOrNull;
  /** Canaries that could be read, and those that do not exist. */
  readable: Generated<string[]>;
  missing: Generated<string[]>;
  /** Application roles in the token; null: not readable. */
  roles: string[] | null;
  tenantId: string | null;
  clientId: string | null;
  clockSkewMs: number | null;
}

export interface UsersTable {
  id: Generated<string>;
  email: string;
  displayName: Generated<string>;
  profile: SecurityProfile;
  enabled: Generated<boolean>;
  /** False: only the queues of the person's teams. */
  allQueues: Generated<boolean>;
  /** False: sets up, and reads no mail. */
  readsMail: Generated<boolean>;
  /** How many items the person has at a time before none is offered; null: the default. */
  capacity: number | null;
  issuer: string | null;
  subject: string | null;
  createdAt: GeneratedTime;
  updatedAt: GeneratedTime;
  lastSignedInAt: TimeOrNull;
  /** The mapped values at the last sign-in; null: the profile was set by hand. */
  mappedValues: string[] | null;
  /** Everywhere: sign-ins that began before end without a session. */
  signedOutAt: TimeOrNull;
}

/** Certificates that Mailroom made, to prove itself to Entra. */
export interface ClientCertificatesTable {
  id: Generated<string>;
  certificate: string;
  /** Encrypted. */
  privateKey: string;
  thumbprint: string;
  expiresAt: Date;
  madeAt: GeneratedTime;
}

/** People, and the queues that they work. */
export interface TeamsTable {
  id: Generated<string>;
  name: string;
  createdAt: GeneratedTime;
  updatedAt: GeneratedTime;
}

export interface TeamPeopleTable {
  teamId: string;
  userId: string;
}

export interface TeamQueuesTable {
  teamId: string;
  queueId: string;
}

export interface SessionsTable {
  idHash: Buffer;
  userId: string;
  createdAt: GeneratedTime;
  lastSeenAt: GeneratedTime;
  expiresAt: Time;
  providerSession: string | null;
  id: Generated<string>;
  browser: string | null;
  system: string | null;
  address: string | null;
  providerSid: string | null;
  /** When the person proved to the provider who they are; null: it does not say. */
  authenticatedAt: TimeOrNull;
  acr: string | null;
}

export interface SessionLimitsTable {
  idleMinutes: Generated<number>;
  absoluteMinutes: Generated<number>;
  version: Generated<number>;
}

/** One row. */
export interface SignOnSettingsTable {
  claim: string | null;
  unmatchedProfile: SecurityProfile | null;
  addsPeople: Generated<boolean>;
  stepUpMinutes: number | null;
  stepUpAcr: string | null;
  version: Generated<number>;
}

export interface ProfileMappingsTable {
  id: Generated<string>;
  value: string;
  profile: SecurityProfile;
  teamId: string | null;
}

export interface LogoutTokensTable {
  jtiHash: Buffer;
  expiresAt: Time;
  issuer: string | null;
  subject: string | null;
  sid: string | null;
  carriedOutAt: GeneratedTime;
}

export interface SingleSignOnsTable {
  stateHash: Buffer;
  nonce: string;
  codeVerifier: string;
  returnTo: string;
  browserHash: Buffer;
  expiresAt: Time;
  startedAt: GeneratedTime;
  stepUpOf: string | null;
}

export interface AttemptCountsTable {
  attempt: string;
  originHash: Buffer;
  attempts: number;
  endsAt: Time;
}

/** From whom a user always loads remote images. */
export interface ImageSendersTable {
  userId: string;
  /** Folded. */
  address: string;
  rememberedAt: GeneratedTime;
}

/** What new people from the identity provider get. */
export interface ProvisioningTable {
  id: Generated<boolean>;
  profile: Generated<'Agent' | 'Supervisor'>;
  allQueues: Generated<boolean>;
}

/** What the identity provider says of a user. */
export interface ProvisionedPeopleTable {
  userId: string;
  externalId: string | null;
  userName: string;
  /** JSON when it is written. */
  name: Generated<unknown>;
  emails: Generated<unknown>;
  active: boolean;
  disabledByHand: Generated<boolean>;
  deletedAt: TimeOrNull;
  createdAt: GeneratedTime;
  updatedAt: GeneratedTime;
}

export interface ProvisionedGroupsTable {
  id: Generated<string>;
  externalId: string | null;
  displayName: string;
  /** Null: without effect. */
  teamId: string | null;
  version: Generated<number>;
  createdAt: GeneratedTime;
  updatedAt: GeneratedTime;
}

export interface ProvisionedGroupMembersTable {
  groupId: string;
  userId: string;
}

export interface ApiKeysTable {
  id: Generated<string>;
  name: string;
  purpose: Generated<KeyPurpose>;
  profile: SecurityProfile;
  keyHash: Buffer;
  hint: string;
  createdAt: GeneratedTime;
  lastUsedAt: TimeOrNull;
  revokedAt: TimeOrNull;
  /** Null: it does not expire. */
  expiresAt: TimeOrNull;
  /** Of its profile; null: all of them. */
  permissions: string[] | null;
  queueIds: string[] | null;
  accountIds: string[] | null;
  /** In CIDR notation; null: from anywhere. */
  networks: string[] | null;
  /** Null: made before this was recorded. */
  createdBy: string | null;
  /** The days of the last warning of its end. */
  warnedDays: number | null;
}

export interface QueuesTable {
  id: Generated<string>;
  name: string;
  description: Generated<string>;
  /** What a new mail of a known conversation becomes. */
  conversations: Generated<ConversationRule>;
  /** Codes that an agent may complete an item with. */
  outcomes: Generated<string[]>;
  tags: Generated<string[]>;
  /** Null: none. */
  target: JSONColumnType<QueueTarget | null, string | null | undefined, string | null>;
  /** Null: none. */
  acknowledgement: JSONColumnType<Acknowledgement | null, string | null | undefined, string | null>;
  /** How its items are offered to persons; null: they are not. */
  offers: JSONColumnType<QueueOffers | null, string | null | undefined, string | null>;
  createdAt: GeneratedTime;
  updatedAt: GeneratedTime;
  removedAt: TimeOrNull;
}

export interface AccountsTable {
  id: Generated<string>;
  address: string;
  enabled: Generated<boolean>;
  signIn: Generated<SignInState>;
  signInReason: string | null;
  signInCode: string | null;
  signInStatus: number | null;
  signInRequestId: string | null;
  /** While a sign-in is needed: the next try of the stored one. While it is done: when to signal the workflow. */
  signInProbeAt: TimeOrNull;
  signInSince: GeneratedTime;
  signInAs: string | null;
  /** Whose rights it is read with. */
  access: Generated<AccountAccess>;
  signInNumber: Generated<number>;
  restsWhenQuiet: Generated<boolean>;
  identityTenantId: string | null;
  identityObjectId: string | null;
  identityUsername: string | null;
  identityName: string | null;
  /** Graph's id of the inbox: it identifies the mailbox, whichever of its addresses was entered. */
  inboxId: string | null;
  authenticatedAt: TimeOrNull;
  backfillDays: Generated<number>;
  captureFrom: TimeOrNull;
  /** The mail server's clock minus PostgreSQL's. */
  clockSkewMs: Generated<number>;
  /** Null: mail that no rule matches goes into no queue. */
  defaultQueueId: string | null;
  routingVersion: Generated<number>;
  conditionType: string | null;
  conditionReason: string | null;
  conditionCode: string | null;
  conditionStatus: number | null;
  conditionRequestId: string | null;
  /** Number of refusals since then. */
  conditionAttempts: Generated<number>;
  conditionSince: TimeOrNull;
  conditionUntil: TimeOrNull;
  createdAt: GeneratedTime;
  updatedAt: GeneratedTime;
  pausedAt: TimeOrNull;
  removingSince: TimeOrNull;
  removedAt: TimeOrNull;
  /** The number of the last command that was carried out. */
  commandNumber: BigInt;
  sendingEnabled: Generated<boolean>;
  /** The sign-in allows sending. */
  sendingGranted: Generated<boolean>;
}

/** What a removal did, beside its time. */
export interface RemovalFacts {
  readonly tokensDeleted: boolean;
  readonly notificationsEnded: boolean;
  readonly itemsKept: number;
}

export interface AccountCommandsTable {
  id: string;
  accountId: string;
  name: string;
  /** Its place in the order of acceptance. */
  number: BigInt;
  /** How often the command was sent. */
  attempts: Generated<number>;
  acceptedAt: GeneratedTime;
  /** Null: not carried out yet. */
  outcome: CommandOutcome | null;
  state: AccountState | null;
  /** Of a removal. */
  receipt: JSONColumnType<RemovalFacts | null, string | null | undefined, string | null>;
  carriedOutAt: TimeOrNull;
}

export interface SignInsTable {
  id: Generated<string>;
  accountId: string;
  stateHash: Buffer;
  nonce: string;
  codeVerifier: string;
  code: string | null;
  redirectUri: string;
  createdAt: GeneratedTime;
  expiresAt: Time;
  usedAt: TimeOrNull;
  finishedAt: TimeOrNull;
  failureReason: string | null;
  /** Who is to sign in to a shared mailbox. */
  signInAs: string | null;
  /** Who did sign in, as the provider names them. */
  signedInAs: string | null;
  /** The account's address after the attempt; null: unchanged. */
  address: string | null;
  /** The account that already reads the mailbox. */
  connectedAs: string | null;
  /** Asks for the permissions to send as well. */
  forSending: Generated<boolean>;
}

export interface TokenCachesTable {
  accountId: string;
  cache: string;
  version: BigInt;
  updatedAt: GeneratedTime;
}

export interface RulesTable {
  id: Generated<string>;
  accountId: string;
  position: number;
  queueId: string;
  keywords: string[];
}

export interface CursorsTable {
  accountId: string;
  folder: string;
  link: string | null;
  version: BigInt;
  receivedSince: TimeOrNull;
  walked: Generated<number>;
  complete: Generated<boolean>;
  pageSize: number | null;
  updatedAt: GeneratedTime;
}

export interface Mailbox {
  readonly name?: string | undefined;
  readonly address?: string | undefined;
}

export interface Recipients {
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly bcc: readonly Mailbox[];
  readonly replyTo: readonly Mailbox[];
}

export interface Header {
  readonly name: string;
  readonly value: string;
}

export interface MessagesTable {
  id: Generated<string>;
  accountId: string;
  graphId: string;
  changeKey: string | null;
  internetMessageId: string | null;
  conversationId: string | null;
  subject: string;
  fromName: string | null;
  fromAddress: string | null;
  sender: JSONColumnType<Mailbox | null, string | null, string | null>;
  recipients: JSONColumnType<Recipients, string, string>;
  receivedAt: Time;
  sentAt: TimeOrNull;
  bodyHtml: string | null;
  bodyText: string;
  textForm: Generated<TextForm>;
  leftOut: JSONColumnType<LeftOut | null, string | null | undefined, string | null>;
  headers: JSONColumnType<readonly Header[] | null, string | null, string | null>;
  importance: string;
  hasAttachments: boolean;
  capturedAt: GeneratedTime;
  /** Address of the message in Outlook on the web; null: not known yet. */
  webLink: string | null;
  categories: JSONColumnType<readonly string[], string | undefined, string>;
  /** What it is in a calendar: `request`, `response`, `notice`; null: an ordinary mail. */
  meeting: string | null;
}

export interface AttachmentsTable {
  id: Generated<string>;
  messageId: string;
  position: number;
  graphId: string;
  kind: 'file' | 'item' | 'reference';
  name: string;
  contentType: string | null;
  size: BigInt;
  isInline: boolean;
  contentId: string | null;
}

/** One attempt to read the content of an attachment or a message from the mailbox; at most one of each is whole. */
export interface ContentsTable {
  id: Generated<string>;
  messageId: string;
  /** Null: the message itself, as MIME. */
  attachmentId: string | null;
  startedAt: GeneratedTime;
  /** Null: being read, or never finished. */
  completedAt: TimeOrNull;
  usedAt: GeneratedTime;
  chunks: Generated<number>;
  size: BigInt;
  pictureType: string | null;
  risk: string | null;
  verdict: string | null;
  finding: string | null;
}

export interface ContentChunksTable {
  contentId: string;
  number: number;
  keyId: string;
  data: Buffer;
}

/** One reading of content at a time for each mailbox. */
export interface ContentTurnsTable {
  accountId: string;
  holder: string | null;
  heldUntil: ColumnType<Date | number, Date | string | undefined, Date | string>;
  notBefore: ColumnType<Date | number, Date | string | undefined, Date | string>;
  /** When another reading last waited for it. */
  wantedAt: ColumnType<Date | number, Date | string | undefined, Date | string>;
}

/**
 * `unqueued`: in no queue; its decision says why. `parked`: until a time, or until the customer writes. `joined`: worked
 * with another item of its conversation (decision 52).
 */
export type ItemState = 'waiting' | 'claimed' | 'completed' | 'unqueued' | 'parked' | 'joined';

export interface ItemsTable {
  id: Generated<string>;
  /** Null after the message was deleted, at `contentDeletedAt`. */
  messageId: string | null;
  accountId: string;
  /** Null: in no queue. */
  queueId: string | null;
  decision: JSONColumnType<Decision, string, string>;
  receivedAt: Time;
  queuedAt: GeneratedTime;
  state: Generated<ItemState>;
  claimedBy: string | null;
  claimedAt: TimeOrNull;
  leaseExpiresAt: TimeOrNull;
  completedAt: TimeOrNull;
  /** The name that the caller gave its claim. */
  claimRequest: string | null;
  contentDeletedAt: TimeOrNull;
  parkedBy: string | null;
  parkedAt: TimeOrNull;
  /** Null: only a mail of the conversation wakes it. */
  parkedUntil: TimeOrNull;
  parkReason: ParkReason | null;
  /** For whom it is kept: `user:<id>` or `key:<id>`. */
  assignedTo: string | null;
  /** Null: until it is claimed. */
  assignedUntil: TimeOrNull;
  movedBy: string | null;
  movedAt: TimeOrNull;
  outcome: string | null;
  tags: Generated<string[]>;
  /** The item that this one is worked with. */
  joinedTo: string | null;
  /** The first answer that a person sent, noted by a trigger. */
  answeredAt: TimeOrNull;
  answeredBy: string | null;
  /** What sent the mail, if a program did; null: a person, or captured by an earlier release. */
  automatic: AutomaticKind | null;
}

export interface ItemNotesTable {
  id: Generated<string>;
  itemId: string;
  accountId: string;
  author: string;
  kind: Generated<NoteKind>;
  text: string;
  at: GeneratedTime;
}

export interface ItemMentionsTable {
  noteId: string;
  userId: string;
  itemId: string;
  seenAt: TimeOrNull;
}

export interface ItemPresenceTable {
  itemId: string;
  actor: string;
  doing: Doing;
  seenAt: GeneratedTime;
}

export type QuarantineState = 'parked' | 'retrying' | 'resolved';

/** What could be read of a message that was not captured. Times as ISO 8601. */
export interface MessagePreview {
  readonly subject?: string | undefined;
  readonly from?: Mailbox | undefined;
  readonly receivedAt?: string | undefined;
  /** The beginning of its text. */
  readonly text?: string | undefined;
}

export interface QuarantineTable {
  id: Generated<string>;
  accountId: string;
  graphId: string;
  folder: string;
  reason: string;
  code: string | null;
  attempts: Generated<number>;
  preview: JSONColumnType<MessagePreview | null, string | null, string | null>;
  state: Generated<QuarantineState>;
  /** The next automatic retry. */
  retryAt: TimeOrNull;
  captureFrom: TimeOrNull;
  firstAt: GeneratedTime;
  lastAt: GeneratedTime;
}

/** The exactly-once ledger: written only by triggers of `messages`. */
export interface CapturedTable {
  accountId: string;
  graphId: string;
  receivedAt: Time;
  capturedAt: GeneratedTime;
  contentDeletedAt: TimeOrNull;
  messageIdHash: BigInt | null;
  fingerprint: Buffer | null;
  attachmentsFingerprint: Buffer | null;
}

export interface CopiesTable {
  accountId: string;
  graphId: string;
  messageId: string | null;
  foundAt: GeneratedTime;
}

export interface InboxDraftsTable {
  accountId: string;
  graphId: string;
  firstAt: GeneratedTime;
}

export interface DrainsTable {
  id: Generated<number>;
  accountId: string;
  startedAt: Time;
  finishedAt: GeneratedTime;
  pages: number;
  captured: number;
  known: number;
  skipped: number;
  quarantined: number;
  outcome: DrainOutcome;
  reason: string | null;
}

export interface EventsTable {
  id: Generated<number>;
  at: GeneratedTime;
  actor: string;
  name: string;
  accountId: string | null;
  targetId: string | null;
  details: JSONColumnType<Record<string, unknown>, string | undefined, string>;
}

export interface WatchesTable {
  accountId: string;
  state: Generated<WatchState>;
  /** The next poll. `infinity`, in every state but `polling`, arrives as the number Infinity; compare it in SQL. */
  dueAt: ColumnType<Date | number, Date | string | undefined, Date | string>;
  /** Used by the previous release only: until when one of its workers polls. */
  lookingUntil: ColumnType<Date | number, Date | string | undefined, Date | string>;
  notBefore: ColumnType<Date | number, Date | string | undefined, Date | string>;
  rungAt: TimeOrNull;
  currentAt: TimeOrNull;
  mailAt: TimeOrNull;
  /** When the list of the inbox last proved that delta misses nothing. */
  listedAt: TimeOrNull;
}

export interface SubscriptionsTable {
  accountId: string;
  graphId: string | null;
  /** The address that notifications are sent to. */
  notificationUrl: string | null;
  expiresAt: TimeOrNull;
  dueAt: GeneratedTime;
  notifiedAt: TimeOrNull;
  failures: Generated<number>;
  failureReason: string | null;
  failureCode: string | null;
  createdAt: TimeOrNull;
}

export interface MailboxBudgetsTable {
  accountId: string;
  holder: string | null;
  heldUntil: ColumnType<Date | number, Date | string | undefined, Date | string>;
  requests: number[];
  minute: BigInt;
}

export interface FullMailboxesTable {
  accountId: string;
  since: GeneratedTime;
  listedUntil: Time;
  deltaDueAt: Time;
  reason: Generated<string>;
  code: string | null;
  failures: Generated<number>;
  restarts: Generated<boolean>;
  overAt: TimeOrNull;
}

export interface ReconciliationsTable {
  accountId: string;
  dueAt: GeneratedTime;
  again: Generated<boolean>;
  version: Generated<number>;
  startedAt: TimeOrNull;
  captureFrom: TimeOrNull;
  receivedBefore: TimeOrNull;
  position: TimeOrNull;
  seen: Generated<number>;
  known: Generated<number>;
  finishedAt: TimeOrNull;
  inMailbox: number | null;
  inLedger: number | null;
  receivedEarlier: number | null;
  repaired: Generated<number>;
}

export interface UnreadAttachmentsTable {
  messageId: string;
  accountId: string;
  graphId: string;
  code: string | null;
  attempts: Generated<number>;
  retryAt: Time;
  since: GeneratedTime;
}

export interface DifferencesTable {
  id: Generated<number>;
  accountId: string;
  graphId: string;
  foundAt: GeneratedTime;
  receivedAt: TimeOrNull;
  outcome: DifferenceOutcome;
}

export type ProcessKind = 'api' | 'worker';

/** A Mailroom process that is running, or was until it was killed. */
export interface ProcessesTable {
  id: string;
  kind: ProcessKind;
  /** Ids of its keys, newest first. */
  keyIds: string[];
  /** Why it cannot work: a reason of `domain/health.ts`. */
  problem: string | null;
  problemSince: TimeOrNull;
  startedAt: GeneratedTime;
  seenAt: GeneratedTime;
}

export interface KeyChecksTable {
  keyId: string;
  /** A fixed text, encrypted with the key. */
  knownText: string;
  createdAt: GeneratedTime;
  /** Null: it encrypts, or something is left under it. */
  emptiedAt: TimeOrNull;
}

export interface WorkflowChecksTable {
  id: Generated<boolean>;
  bundle: string;
  suspectedAt: TimeOrNull;
  checkedUntil: TimeOrNull;
}

/** A workflow that was recently stuck. */
export interface StuckWorkflowsTable {
  accountId: string;
  stuckSince: TimeOrNull;
  renewals: Generated<number>;
  renewedAt: TimeOrNull;
}

export interface ShownColumnsTable {
  accountId: string;
  today: number;
  trouble: string | null;
  shownAt: GeneratedTime;
}

export interface SearchDocumentsTable {
  messageId: string;
  receivedAt: Time;
  hasAttachments: boolean;
  /** A text search configuration. */
  language: string;
  /** By which rules its words were made (`FOLDING`). */
  folding: Generated<number>;
  /** A tsvector. */
  document: string;
}

export interface SearchLanguagesTable {
  language: string;
}

/** Messages whose document is missing or out of date. */
export interface SearchPendingTable {
  messageId: string;
}

/** Words of subjects. */
export interface SearchWordsTable {
  word: string;
  messages: number;
}

export interface SearchUpkeepTable {
  id: Generated<boolean>;
  /** When the words were last made. */
  wordsAt: Time;
}

export interface AnswerRecipients {
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly bcc: readonly Mailbox[];
}

/** A draft, an answer in the outbox, or a sent one (decision 49). */
export interface AnswersTable {
  id: Generated<string>;
  itemId: string;
  accountId: string;
  kind: AnswerKind;
  state: Generated<AnswerState>;
  author: string;
  recipients: JSONColumnType<AnswerRecipients, string, string>;
  subject: string;
  format: AnswerFormat;
  body: string;
  includesQuote: boolean;
  version: BigInt;
  createdAt: GeneratedTime;
  updatedAt: GeneratedTime;
  /** Names of the requests that sent it. */
  sendKeys: Generated<string[]>;
  /** What each of them wanted (`database/answers/outbox.ts`). */
  sendRequests: Generated<string[]>;
  sentBy: string | null;
  scheduledAt: TimeOrNull;
  sendAt: TimeOrNull;
  /** It is to complete the item, also when it is sent again after it failed. */
  completesItem: Generated<boolean>;
  /** Sending it completed the item. */
  completedItem: Generated<boolean>;
  /** The attempt that may write; a later one shuts out the earlier. */
  attempt: Generated<number>;
  /** The attempt's last sign of life. */
  triedAt: TimeOrNull;
  retryAt: TimeOrNull;
  /** Why it is not sent, or what it waits for. */
  reason: string | null;
  code: string | null;
  status: number | null;
  requestId: string | null;
  reasonSince: TimeOrNull;
  /** The immutable id of the draft at Graph, which the sent mail keeps. */
  graphId: string | null;
  /** The body of that draft before ours was put in. */
  quote: string | null;
  /** Ids of the attachments that this draft came with. */
  graphAttachments: Generated<string[]>;
  /** From here on it may have been sent. */
  sendRequestedAt: TimeOrNull;
  sendAcceptedAt: TimeOrNull;
  /** When the mailbox is searched for drafts that attempts may have left in it; null: they left none. */
  draftSweepAt: TimeOrNull;
  internetMessageId: string | null;
  webLink: string | null;
  endedAt: TimeOrNull;
}

/** Items of queues with an automatic acknowledgement, and what became of it (decision 57). */
export interface AcknowledgementsTable {
  itemId: string;
  queueId: string;
  notedAt: GeneratedTime;
  /** Null: not decided yet. */
  outcome: AcknowledgementOutcome | null;
}

export interface AnswerAttachmentsTable {
  id: Generated<string>;
  answerId: string;
  name: string;
  contentType: string;
  size: BigInt;
  isInline: Generated<boolean>;
  contentId: string | null;
  /** At Graph, once it is in the draft there. */
  graphId: string | null;
  isComplete: Generated<boolean>;
  createdAt: GeneratedTime;
}

export interface AnswerAttachmentPartsTable {
  attachmentId: string;
  number: number;
  keyId: string;
  data: Buffer;
}

export interface SignaturesTable {
  owner: string;
  body: string;
  updatedAt: GeneratedTime;
  updatedBy: string;
}

export interface CannedAnswersTable {
  id: Generated<string>;
  name: string;
  body: string;
  createdAt: GeneratedTime;
  updatedAt: GeneratedTime;
  updatedBy: string;
}

/** How long things are kept: days; null: for ever. */
export interface RetentionTable {
  id: Generated<boolean>;
  contentDays: number | null;
  itemDays: number | null;
  eventDays: number | null;
  signInDays: number | null;
  quarantineDays: number | null;
  version: BigInt;
  sweptAt: TimeOrNull;
  /** What the last sweep deleted. */
  swept: JSONColumnType<RetentionCounts | null, string | null | undefined, string | null>;
}

/** What neither sweep nor erasure deletes. */
export interface HoldsTable {
  id: Generated<string>;
  scope: string;
  accountId: string | null;
  /** Folded. */
  address: string | null;
  itemId: string | null;
  reason: string;
  placedBy: string;
  placedAt: GeneratedTime;
  liftedBy: string | null;
  liftedAt: TimeOrNull;
}

export interface ErasuresTable {
  id: Generated<string>;
  scope: string;
  accountId: string | null;
  itemId: string | null;
  /** Folded; null once it is done. */
  address: string | null;
  addressHint: string | null;
  /** SHA-256 of the id and the address. */
  addressHash: Buffer | null;
  reason: string;
  requestedBy: string;
  requestedAt: GeneratedTime;
  /** When its work list was made. */
  listedAt: TimeOrNull;
  finishedAt: TimeOrNull;
  messages: BigInt;
  answers: BigInt;
  notes: BigInt;
  itemsCompleted: BigInt;
}

/** The work list of an erasure. */
export interface ErasureItemsTable {
  erasureId: string;
  itemId: string;
}

export interface AgentAvailabilityTable {
  userId: string;
  state: AvailabilityState;
  /** Why away; null: available. */
  because: AwayReason | null;
  since: GeneratedTime;
  /** The last report of a page. */
  seenAt: GeneratedTime;
  /** The last sign of the person. */
  activeAt: GeneratedTime;
  /** Since becoming available, accepting or completing. */
  idleSince: GeneratedTime;
}

export interface OffersTable {
  id: Generated<string>;
  itemId: string;
  queueId: string;
  userId: string;
  offeredAt: GeneratedTime;
  expiresAt: Time;
  /** Null: open. */
  outcome: OfferOutcome | null;
  endedAt: TimeOrNull;
}

/** What a change of one row was, as the triggers of 0038-audit note it. */
export interface AuditChange {
  readonly table?: string;
  readonly change?: 'added' | 'changed' | 'removed';
  readonly id?: string | null;
  readonly name?: string | null;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  /** More rows than are kept. */
  readonly more?: true;
}

/** The audit trail: only added to (decision 67). */
export interface AuditEntriesTable {
  id: ColumnType<number, never, never>;
  at: ColumnType<Date, never, never>;
  act: string;
  outcome: string;
  reason: string | null;
  /** `user:<id>`, `key:<id>`, `cli`, `mailroom`, `database:<role>` or `unknown`. */
  actor: string;
  actorName: string | null;
  profile: string | null;
  address: string | null;
  /** The beginning of the user agent. */
  agent: string | null;
  requestId: string | null;
  objectKind: string | null;
  objectId: string | null;
  objectName: string | null;
  changes: JSONColumnType<readonly AuditChange[] | null, string | null | undefined, never>;
}

/** The chain over the entries. */
export interface AuditSealsTable {
  number: BigInt;
  entryId: BigInt;
  content: Buffer;
  hash: Buffer;
  sealedAt: GeneratedTime;
}

/** Entries without a seal. */
export interface AuditPendingTable {
  entryId: BigInt;
}

export interface AuditAnchorsTable {
  kind: 'head' | 'start';
  number: BigInt;
  /** Number and hash, encrypted. */
  proof: string;
  updatedAt: GeneratedTime;
}

/** How far the trail was sent to another system (decision 73). */
export interface AuditStreamTable {
  id: Generated<boolean>;
  /** The last seal that the receiver confirmed. */
  number: BigInt;
  confirmedAt: TimeOrNull;
  /** The worker whose turn it is. */
  sender: string | null;
  turnUntil: TimeOrNull;
  /** A word of `domain/audit-stream.ts`. */
  problem: string | null;
  failingSince: TimeOrNull;
  /** Entries that the receiver took and did not keep. */
  rejected: BigInt;
}
