import type { FailureReason, FailureTrace, FailureType } from '../domain/failure.ts';

/** What is read from a mailbox when a person asks for it: names and types, as of `mailbox.ts`. Ids alone. */
export const CONTENT_WORKFLOW = 'content';

/**
 * Separate from the mailboxes: a person waits for it, while drains may have taken all slots, and workers of the previous
 * release do not know it.
 */
export const CONTENT_TASK_QUEUE = 'mailroom-content';

/** Without an attachment: the message itself, as MIME. */
export interface ContentInput {
  readonly messageId: string;
  readonly attachmentId?: string | undefined;
  /** `web-link`: instead of content, the address of the message in Outlook, which goes into its row. */
  readonly wants?: 'web-link' | undefined;
}

/** One workflow for each attachment and message that is being read: who asks while it runs waits for the same one. */
export function contentWorkflowId({ messageId, attachmentId, wants }: ContentInput): string {
  if (wants !== undefined) return `${wants}-${messageId}`;
  return `content-${attachmentId ?? messageId}`;
}

export type ContentWorkflow = (input: ContentInput) => Promise<ContentReport>;

export const contentOutcomes = [
  /** It is in the cache. */
  'kept',
  /** Microsoft no longer has it. */
  'gone',
  /** Exchange cannot open it. */
  'unreadable',
  'too-large',
  /** It lies elsewhere, behind a link. */
  'link',
  'message-deleted',
  'account-removed',
  'account-disabled',
  'sign-in-needed',
  /** Microsoft or our own servers are away, or ask to wait for longer than a person does. */
  'failed',
] as const;
export type ContentOutcome = (typeof contentOutcomes)[number];

export interface ContentReport {
  readonly outcome: ContentOutcome;
  /** With `failed`. */
  readonly failure?: ContentFailure | undefined;
}

export interface ContentFailure extends FailureTrace {
  readonly type: FailureType;
  readonly reason?: FailureReason | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** Activities of the content workflow. Each is safe to repeat. */
export interface ContentActivities {
  readContent(input: ContentInput): Promise<ContentReport>;
}
