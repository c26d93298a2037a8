import { showsNothing } from '../../domain/words/invisible-text.ts';
import type { DeskWords } from '../words/en/desk.ts';
import type { AnswerKind } from './answers-query.ts';
import { withoutSignature } from './signature-in-text.ts';

const PLACEHOLDER = /\{\{\s*[\w.]+\s*\}\}/g;

interface Written {
  readonly kind: AnswerKind;
  readonly subject: string;
  readonly hasFiles: boolean;
  /** Names of files that were to be attached and are not. */
  readonly missing: readonly string[];
}

/** What a person may have forgotten in an answer that they want to send, in words. */
export function doubtsAbout(
  written: string,
  { kind, subject, hasFiles, missing }: Written,
  words: DeskWords['answers'],
): readonly string[] {
  const isEmpty = withoutSignature(written).trim() === '' && kind !== 'forward' && !hasFiles;
  const left = [...new Set([...written.matchAll(PLACEHOLDER)].map(([whole]) => whole))];
  return [
    ...(isEmpty ? [words.emptyText] : []),
    ...(showsNothing(subject) ? [words.noSubject] : []),
    ...(missing.length > 0 ? [words.missingFiles(missing.length, missing.join(', '))] : []),
    ...(left.length > 0 ? [words.placeholdersLeft(left.join(', '))] : []),
  ];
}
