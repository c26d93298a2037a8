import type { MailPermission } from '../check-permission.ts';
import { getAttachmentContent, getOneAttachment, listAttachments } from './answer-attachments.ts';
import { createCategory, deleteCategory, getCategory, listCategories, recolourCategory } from './answer-categories.ts';
import { addAttachment, deleteAttachment } from './answer-draft-attachments.ts';
import { createAnswer, createMessage } from './answer-drafts.ts';
import { answerFolderDelta } from './answer-folder-delta.ts';
import { createFolder, deleteFolder, getOneFolder, listFolders, renameFolder } from './answer-folders.ts';
import { getMailboxSettings, updateMailboxSettings } from './answer-mailbox-settings.ts';
import { answerMessageDelta, refuseMailboxDelta } from './answer-message-delta.ts';
import { countMessages, listMessages } from './answer-message-list.ts';
import {
  copyMessage,
  deleteMessage,
  deleteMessageForGood,
  getMime,
  getOneMessage,
  moveMessage,
  updateMessage,
} from './answer-messages.ts';
import { sendAnswer, sendDraft, sendMail } from './answer-sending.ts';
import { createUploadSession } from './create-upload-session.ts';
import type { MailboxRoute } from './mailbox-route.ts';
import { translateIds } from './translate-ids.ts';

const MESSAGE = 'messages/{id}';

/** All routes of a mailbox, by method and path below `/me` or `/users/{id}`. */
const ROUTES: readonly (readonly [string, string, MailPermission, MailboxRoute['answer']])[] = [
  ['GET', 'mailFolders', 'basic', listFolders],
  ['POST', 'mailFolders', 'write', createFolder],
  ['GET', 'mailFolders/delta', 'basic', answerFolderDelta],
  ['GET', 'mailFolders/{id}', 'basic', getOneFolder],
  ['PATCH', 'mailFolders/{id}', 'write', renameFolder],
  ['DELETE', 'mailFolders/{id}', 'write', deleteFolder],
  ['GET', 'mailFolders/{id}/childFolders', 'basic', listFolders],
  ['POST', 'mailFolders/{id}/childFolders', 'write', createFolder],
  ['GET', 'mailFolders/{id}/messages', 'basic', listMessages],
  ['GET', 'mailFolders/{id}/messages/$count', 'basic', countMessages],
  ['GET', 'mailFolders/{id}/messages/delta', 'basic', answerMessageDelta],
  ['GET', 'messages', 'basic', listMessages],
  ['POST', 'messages', 'write', createMessage],
  ['POST', 'mailFolders/{id}/messages', 'write', createMessage],
  ['POST', 'sendMail', 'send', sendMail],
  ['GET', 'messages/$count', 'basic', countMessages],
  ['GET', 'messages/delta', 'basic', refuseMailboxDelta],
  ['GET', 'mailboxSettings', 'readSettings', getMailboxSettings],
  ['PATCH', 'mailboxSettings', 'writeSettings', updateMailboxSettings],
  ['GET', 'outlook/masterCategories', 'readSettings', listCategories],
  ['POST', 'outlook/masterCategories', 'writeSettings', createCategory],
  ['GET', 'outlook/masterCategories/{id}', 'readSettings', getCategory],
  ['PATCH', 'outlook/masterCategories/{id}', 'writeSettings', recolourCategory],
  ['DELETE', 'outlook/masterCategories/{id}', 'writeSettings', deleteCategory],
  ['POST', 'translateExchangeIds', 'basic', translateIds],
  ...[MESSAGE, `mailFolders/{id}/${MESSAGE}`].flatMap((path) => [
    ['GET', path, 'basic', getOneMessage] as const,
    ['PATCH', path, 'write', updateMessage] as const,
    ['DELETE', path, 'write', deleteMessage] as const,
    ['GET', `${path}/$value`, 'read', getMime] as const,
    ['POST', `${path}/move`, 'write', moveMessage] as const,
    ['POST', `${path}/copy`, 'write', copyMessage] as const,
    ['POST', `${path}/permanentDelete`, 'write', deleteMessageForGood] as const,
    ['POST', `${path}/createReply`, 'write', createAnswer('reply')] as const,
    ['POST', `${path}/createReplyAll`, 'write', createAnswer('replyAll')] as const,
    ['POST', `${path}/createForward`, 'write', createAnswer('forward')] as const,
    ['POST', `${path}/reply`, 'send', sendAnswer('reply')] as const,
    ['POST', `${path}/replyAll`, 'send', sendAnswer('replyAll')] as const,
    ['POST', `${path}/forward`, 'send', sendAnswer('forward')] as const,
    ['POST', `${path}/send`, 'send', sendDraft] as const,
    ['GET', `${path}/attachments`, 'read', listAttachments] as const,
    ['POST', `${path}/attachments`, 'write', addAttachment] as const,
    ['POST', `${path}/attachments/createUploadSession`, 'write', createUploadSession] as const,
    ['DELETE', `${path}/attachments/{id}`, 'write', deleteAttachment] as const,
    ['GET', `${path}/attachments/{id}`, 'read', getOneAttachment] as const,
    ['GET', `${path}/attachments/{id}/$value`, 'read', getAttachmentContent] as const,
  ]),
];

const byMethodAndPath: ReadonlyMap<string, MailboxRoute> = new Map(
  ROUTES.map(([method, path, permission, answer]) => [`${method} ${path}`, { permission, answer }]),
);
const paths: ReadonlySet<string> = new Set(ROUTES.map(([, path]) => path));

export function findMailboxRoute(method: string, path: string): MailboxRoute | 'unknown path' | 'unknown method' {
  return byMethodAndPath.get(`${method} ${path}`) ?? (paths.has(path) ? 'unknown method' : 'unknown path');
}
