import { certificateContext } from '../accounts/client-certificates.ts';
import { CLIENT_SECRET_CONTEXT, PREVIOUS_SECRET_CONTEXT } from '../accounts/settings-credential.ts';
import { partContext } from '../answers/draft-attachments.ts';
import { anchorContext } from '../audit/anchors.ts';
import { chunkContext } from '../content/contents.ts';
import { providerSessionContext } from '../people/sessions.ts';
import { singleSignOnContext } from '../people/single-sign-ons.ts';
import { signInContext } from '../sign-in/sign-in-context.ts';
import { tokenCacheContext } from '../sign-in/token-caches.ts';

/** A column with ciphertexts. */
export interface EncryptedPlace {
  readonly table: string;
  readonly column: string;
  /** Its name for operators. */
  readonly words: string;
  readonly primaryKey: readonly [string] | readonly [string, string];
  /** `text`: the ciphertext names its key. `bytes`: the column `key_id` beside it does. */
  readonly form: 'text' | 'bytes';
  /** What a ciphertext is bound to, by its primary key. */
  context(...primaryKey: unknown[]): string;
}

/** Every column that this database holds encrypted, but for the known texts that prove keys. */
export const encryptedPlaces: readonly EncryptedPlace[] = [
  {
    table: 'settings',
    column: 'client_secret',
    words: 'client secret',
    primaryKey: ['id'],
    form: 'text',
    context: () => CLIENT_SECRET_CONTEXT,
  },
  {
    table: 'settings',
    column: 'previous_client_secret',
    words: 'previous client secret',
    primaryKey: ['id'],
    form: 'text',
    context: () => PREVIOUS_SECRET_CONTEXT,
  },
  {
    table: 'client_certificates',
    column: 'private_key',
    words: 'keys of certificates',
    primaryKey: ['id'],
    form: 'text',
    context: (id) => certificateContext(String(id)),
  },
  {
    table: 'token_caches',
    column: 'cache',
    words: 'tokens of accounts',
    primaryKey: ['account_id'],
    form: 'text',
    context: (id) => tokenCacheContext(String(id)),
  },
  ...(['code', 'code_verifier', 'nonce'] as const).map((column): EncryptedPlace => {
    return {
      table: 'sign_ins',
      column,
      words: `sign-ins to mailboxes (${column})`,
      primaryKey: ['id'],
      form: 'text',
      context: (id) => signInContext(column, String(id)),
    };
  }),
  {
    table: 'sessions',
    column: 'provider_session',
    words: 'sessions',
    primaryKey: ['id_hash'],
    form: 'text',
    context: (idHash) => providerSessionContext(idHash as Buffer),
  },
  ...(['code_verifier', 'nonce'] as const).map((column): EncryptedPlace => {
    return {
      table: 'single_sign_ons',
      column,
      words: `single sign-ons (${column})`,
      primaryKey: ['state_hash'],
      form: 'text',
      context: (stateHash) => singleSignOnContext(column, stateHash as Buffer),
    };
  }),
  {
    table: 'content_chunks',
    column: 'data',
    words: 'kept attachments',
    primaryKey: ['content_id', 'number'],
    form: 'bytes',
    context: (contentId, number) => chunkContext(String(contentId), Number(number)),
  },
  {
    table: 'answer_attachment_parts',
    column: 'data',
    words: 'files of answers',
    primaryKey: ['attachment_id', 'number'],
    form: 'bytes',
    context: (attachmentId, number) => partContext(String(attachmentId), Number(number)),
  },
  {
    table: 'audit_anchors',
    column: 'proof',
    words: 'ends of the audit trail',
    primaryKey: ['kind'],
    form: 'text',
    context: (kind) => anchorContext(String(kind)),
  },
];
