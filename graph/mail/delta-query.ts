import { mailMessageProperties } from './mail-message.ts';

/** Start of a walk through a folder. */
export interface DeltaStart {
  /** `inbox`, another well-known name, or the id of a folder. */
  readonly folder: string;
  /**
   * Leaves out older mail. Graph caps a filtered walk at 5,000 messages, and still reports removals and changes of read
   * state of older mail (learn.microsoft.com/graph/api/message-delta; docs-contrib pull request 9760).
   */
  readonly receivedSince?: Date | null;
}

/** Path and query of the first request of a walk. Its options become part of the links; headers do not. */
export function deltaStartPath(root: string, { folder, receivedSince }: DeltaStart): string {
  const path = `${root}/mailFolders/${encodeURIComponent(folder)}/messages/delta?$select=${mailMessageProperties.join(',')}`;
  if (!receivedSince) return path;
  return `${path}&$filter=${encodeURIComponent(`receivedDateTime ge ${receivedSince.toISOString()}`)}`;
}

/**
 * Ids that survive a move, and HTML bodies. The same for every request, because mixed forms of ids cannot be compared.
 */
export const MAIL_PREFERENCES = 'IdType="ImmutableId", outlook.body-content-type="html"';

/** The header of a delta request. `$top` would limit the whole walk; only maxpagesize limits one page. */
export function deltaPreferences(pageSize: number): string {
  return `odata.maxpagesize=${pageSize}, ${MAIL_PREFERENCES}`;
}
