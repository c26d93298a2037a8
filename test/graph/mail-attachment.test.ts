import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMailAttachment } from '../../graph/mail/mail-attachment.ts';
import { sample } from './sample.ts';

test.each([
  ['attachment-file', 'file'],
  ['attachment-item-plain', 'item'],
  ['attachment-reference', 'reference'],
])('reads the recorded %s', (name, kind) => {
  const { id, name: fileName, contentType, size, isInline } = sample(name);
  expect(parseMailAttachment(sample(name))).toEqual({
    id,
    name: fileName,
    contentType: contentType ?? undefined,
    size,
    isInline,
    kind,
    contentId: undefined,
  });
});

test('keeps the content id of an inline image', () => {
  expect(parseMailAttachment({ id: 'a', isInline: true, contentId: 'image001@x' })).toMatchObject({
    isInline: true,
    contentId: 'image001@x',
    name: '',
    size: 0,
  });
});

test('reads nothing from what has no id, and never throws', () => {
  expect(parseMailAttachment({ name: 'x' })).toBeUndefined();
  fc.assert(fc.property(fc.anything(), (json) => void parseMailAttachment(json)));
});
