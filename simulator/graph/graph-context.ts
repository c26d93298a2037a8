import type { DatabaseSync } from 'node:sqlite';
import type { AccessTokenClaims, AccessTokens, Directory, DirectoryUser } from '../entra/contract.ts';
import type { Faults } from '../faults.ts';
import type { Delivery } from '../notifications/create-delivery.ts';
import type { Stats } from '../stats.ts';
import type { Attachments } from './create-attachments.ts';
import type { ExchangeRoles } from './create-exchange-roles.ts';
import type { Folders } from './create-folders.ts';
import type { Mailbox, Mailboxes } from './create-mailboxes.ts';
import type { Messages } from './create-messages.ts';
import type { Throttle } from './create-throttle.ts';
import type { DeltaTokens } from './delta-token.ts';
import type { Drafts } from './drafts/create-drafts.ts';
import type { ExtendedProperties } from './drafts/create-extended-properties.ts';
import type { LimitsStore } from './limits.ts';
import type { ParsedPath } from './parse-path.ts';
import type { Preferences } from './parse-prefer.ts';
import type { GraphQuery } from './parse-query.ts';
import type { MessageChangesReader } from './read-message-changes.ts';
import type { SendRights } from './sending/create-send-rights.ts';
import type { SentMails } from './sending/create-sent-mails.ts';
import type { Undeliverable } from './sending/create-undeliverable.ts';
import type { Transport } from './sending/transport.ts';
import type { Categories } from './settings/create-categories.ts';
import type { MailboxSettingsStore } from './settings/create-mailbox-settings.ts';
import type { Notifier } from './subscriptions/create-notifier.ts';
import type { Subscriptions } from './subscriptions/create-subscriptions.ts';
import type { UploadSessions } from './uploads/create-upload-sessions.ts';

/** The dependencies of the simulated Graph. */
export interface GraphContext {
  readonly database: DatabaseSync;
  readonly directory: Directory;
  readonly accessTokens: AccessTokens;
  readonly faults: Faults;
  readonly stats: Stats;
  readonly mailboxes: Mailboxes;
  readonly folders: Folders;
  readonly messages: Messages;
  readonly attachments: Attachments;
  readonly extendedProperties: ExtendedProperties;
  readonly drafts: Drafts;
  readonly exchangeRoles: ExchangeRoles;
  readonly sendRights: SendRights;
  readonly sentMails: SentMails;
  readonly undeliverable: Undeliverable;
  readonly uploads: UploadSessions;
  readonly mailboxSettings: MailboxSettingsStore;
  readonly categories: Categories;
  readonly transport: Transport;
  readonly readMessageChanges: MessageChangesReader;
  readonly deltaTokens: DeltaTokens;
  readonly limits: LimitsStore;
  readonly throttle: Throttle;
  readonly subscriptions: Subscriptions;
  readonly notifier: Notifier;
  readonly delivery: Delivery;
}

/** A request with a valid token. */
export interface GraphCall {
  readonly method: string;
  readonly path: ParsedPath;
  /** `GET /v1.0/me/messages/{id}`: the key of statistics and faults. */
  readonly endpoint: string;
  readonly query: GraphQuery;
  readonly prefer: Preferences;
  readonly ifMatch: string | undefined;
  /** The parsed JSON body, or a text for MIME in base64 (`text/plain`); undefined without one. */
  readonly body: unknown;
  /** `http://localhost:4000/v1.0`: the prefix of links in answers, under the host that the client used. */
  readonly base: string;
  readonly claims: AccessTokenClaims;
}

/** A permitted request about a mailbox. */
export interface MailboxCall extends GraphCall {
  readonly mailbox: Mailbox;
  readonly user: DirectoryUser;
  /** The mailbox in links: `me` or `users('…')`, as in the request. */
  readonly root: string;
  /** The mailbox in `@odata.context`: `users('…')`. */
  readonly entity: string;
  /** The token has only Mail.ReadBasic. */
  readonly isBasic: boolean;
}

export interface GraphAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON; absent for an empty answer. */
  readonly body?: unknown;
  /** The answer is cut off, as by a proxy that loses the rest. */
  readonly isCut?: boolean;
  /** Bytes instead of JSON. */
  readonly raw?: { readonly contentType: string; readonly bytes: Uint8Array };
}
