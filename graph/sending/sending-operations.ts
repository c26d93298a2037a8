import type { AnswerFormat, AnswerKind } from '../../domain/answer.ts';

/** A draft or a sent mail, as far as sending needs it. */
export interface MailInMailbox {
  /** Immutable: the sent mail keeps that of its draft. */
  readonly id: string;
  readonly isDraft: boolean;
  readonly internetMessageId: string | undefined;
  /** In Outlook on the web. */
  readonly webLink: string | undefined;
}

export interface GraphDraft {
  readonly answerId: string;
  /** A program wrote it, and its headers say so. */
  readonly isAutomatic: boolean;
  readonly recipients: {
    readonly to: readonly Addressed[];
    readonly cc: readonly Addressed[];
    readonly bcc: readonly Addressed[];
  };
  readonly subject: string;
  readonly format: AnswerFormat;
  /** The whole text, quote included. */
  readonly body: string;
}

interface Addressed {
  readonly name?: string | undefined;
  readonly address?: string | undefined;
}

export interface NewFile {
  readonly name: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  readonly isInline: boolean;
  readonly contentId: string | null;
  /** The bytes from the beginning, in parts. */
  readonly readParts: () => AsyncIterable<Uint8Array>;
}

export interface AttachedFile {
  readonly id: string;
  readonly isInline: boolean;
}

/**
 * Sending from one mailbox, step by step; every step but `send` may be repeated. All throw SendingRefusal, the errors of
 * getAccessToken, Unavailable for a broken connection, or the signal's reason. No POST is repeated by itself.
 */
export interface SendingClient {
  /** Mail with the marker of an answer: drafts in any folder, and what was sent. */
  findByMarker(answerId: string, signal?: AbortSignal): Promise<readonly MailInMailbox[]>;
  /** Undefined: gone. */
  findById(id: string, signal?: AbortSignal): Promise<MailInMailbox | undefined>;
  /** Graph's own draft of an answer: in the thread of the mail, quoting it. */
  createDraft(
    draft: { readonly kind: AnswerKind; readonly messageId: string } & Pick<GraphDraft, 'answerId' | 'isAutomatic'>,
    signal?: AbortSignal,
  ): Promise<MailInMailbox>;
  /** The draft with its text in a format, and the attachments that it came with. */
  readDraft(
    id: string,
    format: AnswerFormat,
    signal?: AbortSignal,
  ): Promise<MailInMailbox & { readonly body: string; readonly attachments: readonly AttachedFile[] }>;
  changeDraft(id: string, draft: GraphDraft, signal?: AbortSignal): Promise<void>;
  listAttachmentIds(id: string, signal?: AbortSignal): Promise<readonly AttachedFile[]>;
  removeAttachment(id: string, attachmentId: string, signal?: AbortSignal): Promise<void>;
  /** The attachment's id; undefined: Graph did not name it, and may not have it. */
  attach(id: string, file: NewFile, signal?: AbortSignal): Promise<string | undefined>;
  /** Sends a draft. Only the mailbox says whether it was carried out. */
  send(id: string, signal?: AbortSignal): Promise<void>;
  removeDraft(id: string, signal?: AbortSignal): Promise<void>;
  /** Resolves when no request is in flight. Never rejects. */
  settled(): Promise<void>;
}
