import { GraphError } from './graph-error.ts';

/** A parsed request path below `/v1.0`. */
export interface ParsedPath {
  /** Canonical names, with `{id}` for keys: `me/mailFolders/{id}/messages/delta`. */
  readonly pattern: string;
  /** The keys, decoded, in order; of nested child folders only the innermost. */
  readonly keys: readonly string[];
  /** The user's key if the path begins with `users`. */
  readonly userKey: string | undefined;
}

/** Segments that are followed by a key, unless an operation follows. */
const COLLECTIONS: ReadonlySet<string> = new Set([
  ...['users', 'mailFolders', 'childFolders', 'messages', 'attachments', 'subscriptions', 'masterCategories'],
]);

/** Canonical spelling by lower-case name: in Graph, names are case-insensitive and keys are not. */
const NAMES: ReadonlyMap<string, string> = new Map(
  [
    ...COLLECTIONS,
    ...['me', 'delta', '$value', '$count', '$batch', 'move', 'copy', 'permanentDelete', 'translateExchangeIds'],
    ...['reauthorize', 'createReply', 'createReplyAll', 'createForward', 'reply', 'replyAll', 'forward', 'send'],
    ...['sendMail', 'createUploadSession', 'mailboxSettings', 'outlook'],
  ].map((name) => [name.toLowerCase(), name]),
);

const OPERATIONS: ReadonlySet<string> = new Set(['delta', '$count', 'createUploadSession']);

/**
 * Parses both forms of keys (`messages/KEY` and `messages('KEY')`), function parentheses (`delta()`) and qualified
 * names (`microsoft.graph.delta()`). Throws Graph's error for an unknown path.
 */
export function parsePath(path: string): ParsedPath {
  const parts: string[] = [];
  const keys: string[] = [];
  let userKey: string | undefined;
  const addKey = (key: string): void => {
    if (parts.at(-1) === 'users') userKey = key;
    else keys.push(key);
    parts.push('{id}');
  };
  for (const segment of path.split('/').filter((part) => part !== '')) {
    const text = decode(segment);
    const name = nameOf(text.replace(/^microsoft\.graph\./i, '').replace(/\(\)$/, ''));
    const bracketed = /^([A-Za-z]+)\('(.*)'\)$/.exec(text);
    const isKey = COLLECTIONS.has(parts.at(-1) ?? '') && !(name !== undefined && OPERATIONS.has(name));
    if (isKey) addKey(text);
    else if (bracketed?.[1] !== undefined && nameOf(bracketed[1]) !== undefined) {
      parts.push(nameOf(bracketed[1]) ?? '');
      addKey((bracketed[2] ?? '').replaceAll("''", "'"));
    } else if (name !== undefined) parts.push(name);
    else throw new GraphError(400, 'BadRequest', `Resource not found for the segment '${text}'.`);
  }
  return { ...withoutParents(parts, keys), userKey };
}

/** `mailFolders/A/childFolders/B` is `mailFolders/B`. */
function withoutParents(parts: readonly string[], keys: readonly string[]): { pattern: string; keys: string[] } {
  let pattern = parts.join('/');
  const kept = [...keys];
  while (pattern.includes('mailFolders/{id}/childFolders/{id}')) {
    pattern = pattern.replace('mailFolders/{id}/childFolders/{id}', 'mailFolders/{id}');
    kept.shift();
  }
  return { pattern, keys: kept };
}

function nameOf(text: string): string | undefined {
  return NAMES.get(text.toLowerCase());
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new GraphError(400, 'BadRequest', `Resource not found for the segment '${segment}'.`);
  }
}
