import { describe, expect, it } from 'vitest';
import { fieldsOf } from '../../worker/logger.ts';

describe('what the runtime of Temporal tells', () => {
  it('is logged with the state of the worker, and with nothing that we do not know', () => {
    expect(fieldsOf({ sdkComponent: 'worker', state: 'DRAINING', subject: 'private' })).toMatchObject({
      sdkComponent: 'worker',
      state: 'DRAINING',
    });
    expect(fieldsOf({ subject: 'private' })).not.toHaveProperty('subject');
  });

  it('names errors by their type alone', () => {
    expect(fieldsOf({ error: new TypeError('private') })).toMatchObject({ error: 'TypeError' });
    expect(JSON.stringify(fieldsOf({ error: new TypeError('private') }))).not.toContain('private');
  });
});
