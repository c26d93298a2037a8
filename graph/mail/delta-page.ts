import { createHash } from 'node:crypto';
import type { FailureReason } from '../../domain/failure.ts';
import { isGraphId, type MailMessage, type MailPreview, parseMailMessage } from './mail-message.ts';

/** What a delta page reports of one message. The same id may come several times, in any order. */
export type DeltaEntry =
  | { readonly kind: 'message'; readonly message: MailMessage }
  /** Only changed properties are included; read the message by its id where it matters. */
  | { readonly kind: 'partial'; readonly id: string }
  /** It left the folder: deleted, or moved to another one. Only reading it by its id shows which. */
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
  /** The next page, or the next round when `hasMore` is false. Opaque; store it unchanged. */
  readonly link: string;
  readonly hasMore: boolean;
  /** The link is not one of Graph, so nothing can be read behind it. */
  readonly isDeadEnd?: true;
  /** Microsoft's request id, for its support. */
  readonly requestId?: string | undefined;
}

/**
 * Reads the body of a delta answer. Never throws. Undefined when it is no delta page: `value` is not a list, or both
 * the next link and the delta link are missing, so the walk could not continue.
 */
export function parseDeltaPage(body: unknown, requestId?: string): DeltaPage | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { value, '@odata.nextLink': nextLink, '@odata.deltaLink': deltaLink } = body as Record<string, unknown>;
  const link = nextLink ?? deltaLink;
  if (!Array.isArray(value) || typeof link !== 'string') return undefined;
  return { entries: value.map(parseEntry), link, hasMore: link === nextLink, requestId };
}

function parseEntry(item: unknown): DeltaEntry {
  if (typeof item === 'object' && item !== null && '@removed' in item && 'id' in item && isGraphId(item.id)) {
    return { kind: 'removed', id: item.id };
  }
  const parsed = parseMailMessage(item);
  if (parsed.kind !== 'unreadable') return parsed;
  return { ...parsed, id: parsed.id ?? unidentified(item) };
}

/** A stand-in for a missing id, the same at every repeat of the page, so that the quarantine keeps one row for it. */
function unidentified(item: unknown): string {
  return `unidentified-${createHash('sha256').update(written(item)).digest('hex').slice(0, 32)}`;
}

/** Deeper JSON can be parsed than written. */
function written(item: unknown): string {
  try {
    return JSON.stringify(item) ?? '';
  } catch {
    return 'too deep';
  }
}
