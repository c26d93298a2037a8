import type { DatabaseSync } from 'node:sqlite';
import type { AccessTokens, Directory } from '../entra/contract.ts';
import type { Faults } from '../faults.ts';
import { createDelivery } from '../notifications/create-delivery.ts';
import type { Stats } from '../stats.ts';
import { createAttachments } from './create-attachments.ts';
import { createExchangeRoles } from './create-exchange-roles.ts';
import { createFolders } from './create-folders.ts';
import { createMailboxes } from './create-mailboxes.ts';
import { createMessages } from './create-messages.ts';
import { createThrottle } from './create-throttle.ts';
import { createDeltaTokens } from './delta-token.ts';
import { createDrafts } from './drafts/create-drafts.ts';
import { createExtendedProperties } from './drafts/create-extended-properties.ts';
import type { GraphContext } from './graph-context.ts';
import { createLimits } from './limits.ts';
import { createMessageChangesReader } from './read-message-changes.ts';
import { createMailboxSchema } from './schema.ts';
import { addSearchFunctions } from './search/add-search-functions.ts';
import { createSendRights } from './sending/create-send-rights.ts';
import { createSentMails } from './sending/create-sent-mails.ts';
import { createTransport } from './sending/create-transport.ts';
import { createUndeliverable } from './sending/create-undeliverable.ts';
import { createSendingSchema } from './sending/schema.ts';
import { createCategories } from './settings/create-categories.ts';
import { createMailboxSettings } from './settings/create-mailbox-settings.ts';
import { createSettingsSchema } from './settings/schema.ts';
import { createNotifier } from './subscriptions/create-notifier.ts';
import { createSubscriptions } from './subscriptions/create-subscriptions.ts';
import { watchMessages } from './subscriptions/watch-messages.ts';
import { createUploadSessions } from './uploads/create-upload-sessions.ts';

export interface GraphOptions {
  readonly database: DatabaseSync;
  readonly directory: Directory;
  readonly accessTokens: AccessTokens;
  readonly faults: Faults;
  readonly stats: Stats;
}

/** Wires the parts of the simulated mailboxes together. */
export function createGraphContext(options: GraphOptions): GraphContext {
  const { database } = options;
  createMailboxSchema(database);
  createSendingSchema(database);
  createSettingsSchema(database);
  addSearchFunctions(database);
  const mailboxes = createMailboxes(database);
  const folders = createFolders(database, mailboxes);
  const limits = createLimits(database);
  const subscriptions = createSubscriptions(database);
  const { faults, stats } = options;
  const delivery = createDelivery({ database, faults, stats: stats.notifications, limits: limits.current });
  const notifier = createNotifier({ ...options, subscriptions, delivery, limits: limits.current });
  const extendedProperties = createExtendedProperties(database);
  const stored = createMessages(database, mailboxes, folders, extendedProperties);
  const messages = watchMessages(stored, { database, folders, subscriptions, notifier });
  const context = {
    ...options,
    mailboxes,
    folders,
    messages,
    extendedProperties,
    drafts: createDrafts(database, messages, extendedProperties),
    exchangeRoles: createExchangeRoles(database),
    sendRights: createSendRights(database, mailboxes),
    sentMails: createSentMails(database),
    undeliverable: createUndeliverable(database),
    uploads: createUploadSessions(database),
    mailboxSettings: createMailboxSettings(database),
    categories: createCategories(database),
    attachments: createAttachments(database),
    readMessageChanges: createMessageChangesReader(database),
    deltaTokens: createDeltaTokens(database),
    limits,
    throttle: createThrottle(limits),
    subscriptions,
    notifier,
    delivery,
  };
  return { ...context, transport: createTransport(context) };
}
