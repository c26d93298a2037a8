import { describe, expect, it } from 'vitest';
import { ownChanges } from '../../web/parts/own-changes.ts';

const opened = { name: 'Refunds', target: { minutes: 60 }, people: ['ada', 'bob'] };

describe('what a person changed in a form', () => {
  it('is nothing where nothing was changed, whatever others saved meanwhile', () => {
    expect(ownChanges(opened, { ...opened }, { name: 'Money', target: { minutes: 5 }, people: [] })).toEqual({});
  });

  it('replaces single values, and leaves those of others alone', () => {
    const now = { ...opened, name: 'Money' };
    expect(ownChanges(opened, { ...opened, target: { minutes: 30 } }, now)).toEqual({ target: { minutes: 30 } });
  });

  it('is put into a list as others have left it', () => {
    const entered = { ...opened, people: ['bob', 'eva', 'fred'] };
    const now = { ...opened, people: ['ada', 'bob', 'carl', 'eva'] };
    expect(ownChanges(opened, entered, now)).toEqual({ people: ['bob', 'carl', 'eva', 'fred'] });
  });

  it('does not bring back what others took out of a list', () => {
    const entered = { ...opened, people: ['ada', 'bob', 'eva'] };
    expect(ownChanges(opened, entered, { ...opened, people: ['ada'] })).toEqual({ people: ['ada', 'eva'] });
  });
});
