import type { MessageChanges } from '../create-messages.ts';
import { invalidValue, readOneOf } from '../drafts/read-values.ts';

const FLAG_STATUSES = ['notFlagged', 'complete', 'flagged'];

/**
 * Validates what a request changes of any message. Throws 400 for invalid values; ignores what Graph ignores.
 */
export function readMessageChanges(body: Readonly<Record<string, unknown>>): MessageChanges {
  const { isRead, importance, inferenceClassification, categories, flag } = body;
  if (isRead !== undefined && typeof isRead !== 'boolean') throw invalidValue('isRead');
  return {
    ...(isRead === undefined ? {} : { isRead }),
    content: {
      ...(importance === undefined
        ? {}
        : { importance: readOneOf('importance', importance, ['low', 'normal', 'high']) }),
      ...(inferenceClassification === undefined
        ? {}
        : {
            inferenceClassification: readOneOf('inferenceClassification', inferenceClassification, [
              'focused',
              'other',
            ]),
          }),
      ...(categories === undefined ? {} : { categories: readTexts(categories) }),
      ...(flag === undefined ? {} : { flag: readFlag(flag) }),
    },
  };
}

function readTexts(value: unknown): string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw invalidValue('categories');
}

function readFlag(value: unknown): object {
  const status = typeof value === 'object' && value !== null && 'flagStatus' in value ? value.flagStatus : undefined;
  if (typeof status === 'string' && FLAG_STATUSES.includes(status)) return value as object;
  throw invalidValue('flag');
}
