import type { DirectoryUser } from '../../entra/contract.ts';
import type { UploadSession } from './create-upload-sessions.ts';

/** Below this path Outlook takes the bytes of large attachments. */
export const UPLOAD_PATH = '/api/v2.0';

type Owner = Pick<DirectoryUser, 'oid' | 'tenantId'>;

export function uploadUrl(origin: string, owner: Owner, messageId: string, session: UploadSession): string {
  return `${messageUrl(origin, owner, messageId)}/AttachmentSessions('${session.id}')?authtoken=${session.token}`;
}

export function messageUrl(origin: string, { oid, tenantId }: Owner, messageId: string): string {
  return `${origin}${UPLOAD_PATH}/Users('${oid}@${tenantId}')/Messages('${messageId}')`;
}
