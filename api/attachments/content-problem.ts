import type { ContentFailure, ContentOutcome, ContentReport } from '../../contract/content.ts';
import { Failure } from '../../domain/failure.ts';
import { Problem } from '../http/problem.ts';
import { messageDeleted } from '../items/item-problems.ts';

/** Why content cannot be given, for people. Undefined: it can. */
export function contentProblem({ outcome, failure }: ContentReport): Error | undefined {
  if (outcome === 'kept') return undefined;
  if (outcome === 'failed') return failed(failure);
  // A worker of a newer release may know more outcomes.
  return Object.hasOwn(problems, outcome) ? problems[outcome]() : failed(undefined);
}

/** The failure's own words: Microsoft asks to wait, the database is full, a sign-in is needed. */
function failed(failure: ContentFailure | undefined): Failure {
  const { type = 'Unavailable', ...details } = failure ?? {};
  return new Failure(type, 'The content could not be read', details);
}

const problems: Readonly<Record<Exclude<ContentOutcome, 'kept' | 'failed'>, () => Problem>> = {
  gone: () =>
    new Problem(
      'content-gone',
      'The message is no longer in the mailbox: it was deleted or archived before this was read. Look for it in Outlook.',
    ),
  unreadable: () => new Problem('content-unreadable', 'Exchange cannot open this. Try it in Outlook.'),
  'too-large': () =>
    new Problem('content-too-large', 'This has more than 150 MB. Open it in Outlook.', { facts: { megabytes: 150 } }),
  link: () =>
    new Problem(
      'content-elsewhere',
      'The attachment is only a link to a file in OneDrive or SharePoint. Open the message in Outlook to follow it.',
    ),
  'message-deleted': messageDeleted,
  'account-removed': () =>
    new Problem(
      'content-account-removed',
      'The mailbox is no longer read, because its account was removed. Open the message in Outlook.',
    ),
  'account-disabled': () =>
    new Problem(
      'account-not-enabled',
      'The mailbox is not read at the moment: its account is disabled. Enable it first.',
    ),
  'sign-in-needed': () =>
    new Problem('account-not-signed-in', 'The mailbox is not read at the moment: its account has to sign in first.'),
};
