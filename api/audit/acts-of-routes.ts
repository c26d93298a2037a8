import type { AuditActName } from '../../domain/audit-act.ts';

/** How requests of one route are recorded. */
export interface RecordedRoute {
  readonly act: AuditActName;
  readonly objectKind?: string;
  /** The part of the address with the object's id; without it, the first row that is changed. */
  readonly id?: 'id' | 'attachmentId';
  /** It changes nothing, and shows mail: the entry is there before the answer leaves. */
  readonly reads?: true;
  /** The handler finds out who acts (`nameActor`). */
  readonly actorIsFound?: true;
  /** One entry in this time for the same person, address and object. */
  readonly onceInMs?: number;
}

/** A route that leaves no entry when it succeeds, and why. */
export interface UnrecordedRoute {
  readonly because: string;
}

/** An open page reads its mail again with each change. */
const READ_ONCE_IN_MS = 5 * 60_000;
/** An open list is read again all the time. */
const LISTED_ONCE_IN_MS = 60 * 60_000;
/** A draft is saved with every few words. */
const SAVED_ONCE_IN_MS = 5 * 60_000;
/** A page of Temporal asks for the payloads of each event by itself. */
const DECODED_ONCE_IN_MS = 60_000;

const ofItem = (act: AuditActName): RecordedRoute => ({ act, objectKind: 'item', id: 'id' });
const ofAccount = (act: AuditActName): RecordedRoute => ({ act, objectKind: 'account', id: 'id' });
const reads = (act: AuditActName, objectKind: string): RecordedRoute => {
  return { act, objectKind, id: 'id', reads: true, onceInMs: READ_ONCE_IN_MS };
};
const lists = (objectKind?: string): RecordedRoute => {
  const object = objectKind === undefined ? {} : ({ objectKind, id: 'id' } as const);
  return { act: 'mail.list', ...object, reads: true, onceInMs: LISTED_ONCE_IN_MS };
};

const noMail = (because: string): UnrecordedRoute => ({ because });
const CONFIGURATION = noMail('It shows configuration, states and counts; no mail.');
const WORDS_OF_COLLEAGUES = noMail('It shows what colleagues wrote; no mail.');

/**
 * What each route leaves in the audit trail. A route that changes something or shows mail and is missing here is recorded
 * under its address, and fails `test/api/audit-routes.test.ts`.
 */
export const actsOfRoutes: Readonly<Record<string, RecordedRoute | UnrecordedRoute>> = {
  'GET /auth/callback': { act: 'session.sign-in', objectKind: 'user', actorIsFound: true },
  'POST /auth/sign-out': { act: 'session.sign-out', objectKind: 'user' },
  'POST /auth/back-channel-logout': { act: 'session.end-by-provider' },
  'GET /api/v1/me/sessions': CONFIGURATION,
  'DELETE /api/v1/me/sessions': { act: 'session.sign-out-everywhere' },
  'DELETE /api/v1/me/sessions/:id': { act: 'session.sign-out', objectKind: 'session', id: 'id' },
  'GET /api/v1/users/:id/sessions': CONFIGURATION,
  'DELETE /api/v1/users/:id/sessions': { act: 'session.end-by-administrator', objectKind: 'user', id: 'id' },
  'GET /api/v1/session-limits': CONFIGURATION,
  'PUT /api/v1/session-limits': { act: 'session-limits.change', objectKind: 'session-limits' },
  'GET /api/v1/sign-on-settings': CONFIGURATION,
  'PUT /api/v1/sign-on-settings': { act: 'sign-on-settings.change', objectKind: 'sign-on-settings' },
  'GET /auth/step-up': noMail('Begins a sign-in, whose end is recorded.'),
  'GET /auth/stepped-up': noMail('A page that says that the sign-in is confirmed.'),
  'GET /auth/sign-in': noMail('Begins a sign-in, whose end is recorded.'),
  'GET /auth/initiate': noMail('Begins a sign-in, whose end is recorded.'),
  'POST /auth/initiate': noMail('Begins a sign-in, whose end is recorded.'),
  'POST /graph/notifications': noMail('Microsoft notifies of changes: no act of a person.'),
  'POST /temporal/codec/decode': { act: 'payload.decode', onceInMs: DECODED_ONCE_IN_MS },
  'OPTIONS /temporal/codec/decode': noMail('A browser asks whether it may ask.'),
  'POST /temporal/codec/encode': noMail('It is always refused, which is recorded.'),
  'OPTIONS /temporal/codec/encode': noMail('A browser asks whether it may ask.'),

  'GET /api/v1/items/:id': reads('mail.read', 'item'),
  'GET /api/v1/items/:id/html': reads('mail.read', 'item'),
  'GET /api/v1/items/:id/special': reads('mail.read', 'item'),
  'GET /api/v1/items/:id/images': reads('mail.read', 'item'),
  'GET /api/v1/items/:id/answers': reads('answer.read', 'item'),
  'GET /api/v1/items/:id/message.eml': { act: 'mail.export', objectKind: 'item', id: 'id', reads: true },
  'GET /api/v1/items/:id/attachments.zip': { act: 'attachment.export', objectKind: 'item', id: 'id', reads: true },
  'GET /api/v1/items/:id/attachments/:attachmentId': reads('attachment.read', 'item'),
  'GET /api/v1/items/:id/attachments/:attachmentId/content': reads('attachment.read', 'item'),
  'GET /api/v1/conversations/:id': reads('conversation.read', 'conversation'),
  'GET /api/v1/answers/:id': reads('answer.read', 'answer'),
  'GET /api/v1/drafts/:id': reads('answer.read', 'answer'),
  'GET /api/v1/drafts/:id/attachments/:attachmentId': reads('attachment.read', 'answer'),
  'GET /api/v1/search': { act: 'mail.search', reads: true },
  'GET /api/v1/queues/:id/items': lists('queue'),
  'GET /api/v1/queues/:id/acknowledgements': CONFIGURATION,
  'GET /api/v1/items/held': lists(),
  'GET /api/v1/items/mine': lists(),
  'GET /api/v1/answers': lists(),
  'GET /api/v1/board': lists(),
  'GET /api/v1/email/accounts/:id/messages': lists('account'),
  'GET /api/v1/email/accounts/:id/missed': lists('account'),
  'GET /api/v1/email/accounts/:id/quarantine': lists('account'),
  'GET /api/v1/email/accounts/:id/unqueued': lists('account'),
  'GET /api/v1/board.csv': { act: 'board.export', reads: true },
  'GET /api/v1/audit': { act: 'audit.read', reads: true, onceInMs: READ_ONCE_IN_MS },
  'GET /api/v1/audit.csv': { act: 'audit.export', reads: true },
  'GET /api/v1/audit.jsonl': { act: 'audit.export', reads: true },
  'GET /api/v1/items/:id/notes': WORDS_OF_COLLEAGUES,
  'GET /api/v1/items/:id/web-link': noMail('It shows the address of the mail in Outlook, which asks for a sign-in.'),
  'GET /api/v1/items/:id/image-sender': CONFIGURATION,
  'GET /api/v1/changes': noMail('It sends topics and ids; no mail.'),
  'GET /api/v1/email/accounts/:id/routing': CONFIGURATION,
  'GET /api/v1/health': CONFIGURATION,
  'GET /api/v1/email/settings': CONFIGURATION,
  'GET /api/v1/email/settings/sending': CONFIGURATION,
  'GET /api/v1/email/accounts': CONFIGURATION,
  'GET /api/v1/email/accounts/:id': CONFIGURATION,
  'GET /api/v1/email/accounts/:id/signature': CONFIGURATION,
  'GET /api/v1/email/accounts/:id/sending': CONFIGURATION,
  'GET /api/v1/email/accounts/:id/events': CONFIGURATION,
  'GET /api/v1/email/accounts/:id/drains': CONFIGURATION,
  'GET /api/v1/email/accounts/:id/completeness': CONFIGURATION,
  'GET /api/v1/erasures/:id': CONFIGURATION,
  'GET /api/v1/me': CONFIGURATION,
  'GET /api/v1/me/signature': CONFIGURATION,
  'GET /api/v1/api-keys': CONFIGURATION,
  'GET /api/v1/queues': CONFIGURATION,
  'GET /api/v1/queues/:id': CONFIGURATION,
  'GET /api/v1/canned-answers': CONFIGURATION,
  'GET /api/v1/colleagues': CONFIGURATION,
  'GET /api/v1/users': CONFIGURATION,
  'GET /api/v1/users/:id': CONFIGURATION,
  'GET /auth/jwks': noMail('It shows a public key.'),
  'GET /healthz': noMail('A probe of an orchestrator.'),
  'GET /readyz': noMail('A probe of an orchestrator.'),

  'POST /api/v1/items/:id/claim': ofItem('item.claim'),
  'POST /api/v1/queues/:id/claim': { act: 'item.claim-next', objectKind: 'item' },
  'POST /api/v1/items/:id/complete': ofItem('item.complete'),
  'POST /api/v1/items/:id/undo': ofItem('item.undo'),
  'POST /api/v1/items/:id/release': ofItem('item.release'),
  'POST /api/v1/items/:id/park': ofItem('item.park'),
  'POST /api/v1/items/:id/unpark': ofItem('item.unpark'),
  'POST /api/v1/items/:id/move': ofItem('item.move'),
  'POST /api/v1/items/:id/reopen': ofItem('item.reopen'),
  'POST /api/v1/items/:id/separate': ofItem('item.separate'),
  'PUT /api/v1/items/:id/tags': ofItem('item.tag'),
  'PATCH /api/v1/items/:id/tags': ofItem('item.tag'),
  'POST /api/v1/items/:id/notes': ofItem('item.note'),
  'PUT /api/v1/items/:id/image-sender': ofItem('item.images'),
  'POST /api/v1/items/bulk': { act: 'items.change', objectKind: 'item' },
  'POST /api/v1/items/:id/presence': noMail('A sign of life of an open page; reading the mail is recorded.'),
  'DELETE /api/v1/items/:id/presence': noMail('The end of the signs of life of a page.'),

  'GET /api/v1/me/availability': lists(),
  'PUT /api/v1/me/availability': { act: 'availability.change' },
  'POST /api/v1/me/availability/reports': noMail('A sign of life of an open page.'),
  'POST /api/v1/offers/:id/accept': { act: 'offer.accept', objectKind: 'offer', id: 'id' },
  'POST /api/v1/offers/:id/decline': { act: 'offer.decline', objectKind: 'offer', id: 'id' },

  'POST /api/v1/items/:id/drafts': ofItem('draft.begin'),
  'PUT /api/v1/drafts/:id': { act: 'draft.save', objectKind: 'answer', id: 'id', onceInMs: SAVED_ONCE_IN_MS },
  'DELETE /api/v1/drafts/:id': { act: 'draft.discard', objectKind: 'answer', id: 'id' },
  'POST /api/v1/drafts/:id/attachments': { act: 'draft.attach', objectKind: 'answer', id: 'id' },
  'DELETE /api/v1/drafts/:id/attachments/:attachmentId': { act: 'draft.detach', objectKind: 'answer', id: 'id' },
  'POST /api/v1/drafts/:id/take-over': { act: 'draft.take-over', objectKind: 'answer', id: 'id' },
  'POST /api/v1/drafts/:id/send': { act: 'answer.send', objectKind: 'answer', id: 'id' },
  'POST /api/v1/answers/:id/undo': { act: 'answer.undo', objectKind: 'answer', id: 'id' },
  'POST /api/v1/answers/:id/retry': { act: 'answer.retry', objectKind: 'answer', id: 'id' },
  'POST /api/v1/answers/:id/mark-sent': { act: 'answer.mark-sent', objectKind: 'answer', id: 'id' },
  'POST /api/v1/answers/:id/discard': { act: 'answer.discard', objectKind: 'answer', id: 'id' },

  'POST /api/v1/email/accounts': { act: 'account.add', objectKind: 'account' },
  'PATCH /api/v1/email/accounts/:id': ofAccount('account.change'),
  'DELETE /api/v1/email/accounts/:id': ofAccount('account.remove'),
  'POST /api/v1/email/accounts/remove': { act: 'account.remove', objectKind: 'account' },
  'POST /api/v1/email/accounts/:id/sign-in': ofAccount('account.sign-in-start'),
  'POST /email/accounts/:id/sign-in': ofAccount('account.sign-in-start'),
  'GET /email/connect': noMail('It asks whether to connect.'),
  'POST /email/connect': { act: 'account.connect' },
  'GET /email/mailbox': noMail('It shows what is read of a mailbox to the person who proved to own it; no mail.'),
  'POST /email/mailbox': { act: 'mailbox.show' },
  'POST /email/mailbox/end': { act: 'mailbox.end', objectKind: 'account' },
  'GET /api/v1/email/sign-in/callback': { act: 'account.sign-in' },
  'POST /api/v1/email/accounts/:id/completeness': ofAccount('account.compare'),
  'POST /api/v1/email/accounts/:id/quarantine/:messageId/retry': ofAccount('quarantine.retry'),
  'PUT /api/v1/email/accounts/:id/routing': ofAccount('routing.change'),
  'POST /api/v1/email/accounts/:id/routing/try': ofAccount('routing.try'),
  'POST /api/v1/email/accounts/:id/routing/rehearse': ofAccount('routing.rehearse'),
  'POST /api/v1/email/accounts/:id/unqueued/route': ofAccount('unqueued.route'),
  'PUT /api/v1/email/accounts/:id/sending': ofAccount('sending.change'),
  'PUT /api/v1/email/accounts/:id/signature': ofAccount('signature.change'),
  'PUT /api/v1/me/signature': { act: 'signature.change', objectKind: 'signature' },
  'PUT /api/v1/email/settings': { act: 'settings.change', objectKind: 'settings' },
  'PUT /api/v1/email/settings/sending': { act: 'sending.change', objectKind: 'settings' },
  'GET /api/v1/email/settings/allowed-addresses': CONFIGURATION,
  'PUT /api/v1/email/settings/allowed-addresses': { act: 'settings.change', objectKind: 'settings' },
  'GET /api/v1/email/settings/certificates': CONFIGURATION,
  'POST /api/v1/email/settings/certificates': { act: 'certificate.make', objectKind: 'certificate' },
  'DELETE /api/v1/email/settings/certificates/:id': {
    act: 'certificate.delete',
    objectKind: 'certificate',
    id: 'id',
  },
  'GET /api/v1/email/settings/application-access': CONFIGURATION,
  'PUT /api/v1/email/settings/application-access': { act: 'settings.change', objectKind: 'settings' },
  'POST /api/v1/email/settings/application-access/check': { act: 'settings.check', objectKind: 'settings' },
  'POST /api/v1/email/accounts/connect': { act: 'account.add', objectKind: 'account' },
  'PUT /api/v1/email/accounts/:id/access': ofAccount('account.change'),
  'POST /api/v1/email/settings/check': { act: 'settings.check', objectKind: 'settings' },
  'GET /api/v1/retention': CONFIGURATION,
  'PUT /api/v1/retention': { act: 'retention.change', objectKind: 'retention' },
  'POST /api/v1/retention/counts': noMail('It counts what a change would delete, and changes nothing.'),
  'GET /api/v1/holds': CONFIGURATION,
  'POST /api/v1/holds': { act: 'hold.place', objectKind: 'hold' },
  'POST /api/v1/holds/:id/lift': { act: 'hold.lift', objectKind: 'hold', id: 'id' },
  'GET /api/v1/erasures': CONFIGURATION,
  'POST /api/v1/erasures': { act: 'erasure.request', objectKind: 'erasure' },
  'POST /api/v1/mail-exports': { act: 'mail.export-of-sender', reads: true },
  'POST /api/v1/canned-answers': { act: 'canned-answer.add', objectKind: 'canned-answer' },
  'PUT /api/v1/canned-answers/:id': { act: 'canned-answer.change', objectKind: 'canned-answer', id: 'id' },
  'DELETE /api/v1/canned-answers/:id': { act: 'canned-answer.remove', objectKind: 'canned-answer', id: 'id' },
  'POST /api/v1/queues': { act: 'queue.add', objectKind: 'queue' },
  'PATCH /api/v1/queues/:id': { act: 'queue.change', objectKind: 'queue', id: 'id' },
  'DELETE /api/v1/queues/:id': { act: 'queue.remove', objectKind: 'queue', id: 'id' },
  'POST /api/v1/users': { act: 'user.add', objectKind: 'user' },
  'PATCH /api/v1/users/:id': { act: 'user.change', objectKind: 'user', id: 'id' },
  'DELETE /api/v1/users/:id': { act: 'user.remove', objectKind: 'user', id: 'id' },
  'GET /scim/v2/ServiceProviderConfig': CONFIGURATION,
  'GET /scim/v2/ResourceTypes': CONFIGURATION,
  'GET /scim/v2/ResourceTypes/:id': CONFIGURATION,
  'GET /scim/v2/Schemas': CONFIGURATION,
  'GET /scim/v2/Schemas/:id': CONFIGURATION,
  'GET /scim/v2/Users': CONFIGURATION,
  'GET /scim/v2/Users/:id': CONFIGURATION,
  'GET /scim/v2/Groups': CONFIGURATION,
  'GET /scim/v2/Groups/:id': CONFIGURATION,
  'POST /scim/v2/Users': { act: 'user.add', objectKind: 'user' },
  'PUT /scim/v2/Users/:id': { act: 'user.change', objectKind: 'user', id: 'id' },
  'PATCH /scim/v2/Users/:id': { act: 'user.change', objectKind: 'user', id: 'id' },
  'DELETE /scim/v2/Users/:id': { act: 'user.remove', objectKind: 'user', id: 'id' },
  'POST /scim/v2/Groups': { act: 'group.add', objectKind: 'group' },
  'PUT /scim/v2/Groups/:id': { act: 'group.change', objectKind: 'group', id: 'id' },
  'PATCH /scim/v2/Groups/:id': { act: 'group.change', objectKind: 'group', id: 'id' },
  'DELETE /scim/v2/Groups/:id': { act: 'group.remove', objectKind: 'group', id: 'id' },
  'GET /api/v1/provisioning': CONFIGURATION,
  'PUT /api/v1/provisioning': { act: 'provisioning.change', objectKind: 'provisioning' },
  'POST /api/v1/provisioning/keys': { act: 'key.make', objectKind: 'key' },
  'PUT /api/v1/provisioning/groups/:id': { act: 'group.change', objectKind: 'group', id: 'id' },
  'GET /api/v1/teams': CONFIGURATION,
  'POST /api/v1/teams': { act: 'team.add', objectKind: 'team' },
  'PATCH /api/v1/teams/:id': { act: 'team.change', objectKind: 'team', id: 'id' },
  'DELETE /api/v1/teams/:id': { act: 'team.remove', objectKind: 'team', id: 'id' },
  'POST /api/v1/api-keys': { act: 'key.make', objectKind: 'key' },
  'DELETE /api/v1/api-keys/:id': { act: 'key.revoke', objectKind: 'key', id: 'id' },
};

const CHANGES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** The entry of a route; undefined: it leaves none when it succeeds. `url` as it is registered. */
export function recordedRoute(method: string, url: string): RecordedRoute | undefined {
  const known = actsOfRoutes[`${method === 'HEAD' ? 'GET' : method} ${url}`];
  if (known) return 'act' in known ? known : undefined;
  return CHANGES.has(method) ? { act: 'route.use' } : undefined;
}
