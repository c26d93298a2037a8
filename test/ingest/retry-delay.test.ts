import type { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { asActivityFailure } from '../../activities/activity-failure.ts';
import { Failure } from '../../domain/failure.ts';

const delayOf = (failure: Failure) => (asActivityFailure(failure) as ApplicationFailure).nextRetryDelay;

describe('The delay before the next attempt', () => {
  it.each([
    [undefined, undefined],
    [0, undefined],
    [2_000, 2_000],
  ])('is for Retry-After of %s ms: %s', (retryAfterMs, delayMs) => {
    expect(delayOf(new Failure('Unavailable', 'Away', { retryAfterMs }))).toBe(delayMs);
  });

  it('is that of its type where Microsoft asks for none', () => {
    expect(delayOf(new Failure('SettingsRejected', 'Wrong', { retryAfterMs: 0 }))).toBe(60_000);
  });
});
