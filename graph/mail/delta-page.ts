import { createHash } from 'node:crypto';
import type { FailureReason } from '../../domain/failure.ts';
import { type MailMessage, type MailPreview, parseMailMessage } from './mail-message.ts';

/** What a delta page tells about one message. The same id may come several times, in any order. */
export type DeltaEntry =
  | { readonly kind: 'message'; readonly message: MailMessage }
  /** Something of it changed and only that was told; read the message by its id where it matters. */
  | { readonly kind: 'partial'; readonly id: string }
  /** It left the folder: deleted, or moved to another one. Only reading it by its id tells which. */
  | { readonly kind: 'removed'; readonly id: string }
  | {
      readonly kind: 'unreadable';
      readonly id: string;
      readonly reason: FailureReason;
      readonly preview?: MailPreview | undefined;
    };

export interface DeltaPage {
  /** May be empty although more pages follow. */
  readonly entries: readonly DeltaEntry[];
  /** Where to go on: the next page, or the next round when `hasMore` is false. Opaque; store it as it is. */
  readonly link: string;
  readonly hasMore: boolean;
  /** Microsoft's request id, for its support. */
  readonly requestId?: string | undefined;
}

/**
 * Reads the body of a delta answer. Never throws. Undefined when it is no delta page: `value` is not a list, or there
 * is neither a next link nor a delta link, so that nobody could go on from it.
 */
export function parseDeltaPage(body: unknown, requestId?: string): DeltaPage | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { value, '@odata.nextLink': nextLink, '@odata.deltaLink': deltaLink } = body as Record<string, unknown>;
  const link = nextLink ?? deltaLink;
  if (!Array.isArray(value) || typeof link !== 'string') return undefined;
  return { entries: value.map(parseEntry), link, hasMore: link === nextLink, requestId };
}

function parseEntry(item: unknown): DeltaEntry {
  if (typeof item === 'object' && item !== null && '@removed' in item && 'id' in item && typeof item.id === 'string') {
    return { kind: 'removed', id: item.id };
  }
  const parsed = parseMailMessage(item);
  if (parsed.kind !== 'unreadable') return parsed;
  return { ...parsed, id: parsed.id ?? unidentified(item) };
}

/** A stand-in for a missing id, the same at every repeat of the page, so that the quarantine keeps one row for it. */
function unidentified(item: unknown): string {
  return `unidentified-${createHash('sha256')
    .update(JSON.stringify(item) ?? '')
    .digest('hex')
    .slice(0, 32)}`;
}
