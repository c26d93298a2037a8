import type { Limits } from '../graph/limits.ts';

export type EndpointState = 'healthy' | 'slow' | 'dropping';

/** How well a host answers, and how that affects its new notifications. */
export interface EndpointHealth {
  state(now: number): EndpointState;
  countAnswer(isSlow: boolean, now: number): void;
  /** While dropping: when it ends, in milliseconds since 1970. */
  droppingUntil(): number | undefined;
}

/**
 * The state of one host by its share of slow answers in the current window
 * (learn.microsoft.com/graph/change-notifications-delivery-webhooks). The slow state ends by the same numbers; dropping
 * ends after a fixed time, because the host gets nothing to answer until then.
 */
export function createEndpointHealth(limits: () => Limits): EndpointHealth {
  let windowEndsAt = 0;
  let answers = 0;
  let slowAnswers = 0;
  let droppingUntil: number | undefined;

  const roll = (now: number): void => {
    const isDropOver = droppingUntil !== undefined && now >= droppingUntil;
    if (now < windowEndsAt && !isDropOver) return;
    if (isDropOver) droppingUntil = undefined;
    windowEndsAt = now + limits().endpointWindowSeconds * 1_000;
    answers = 0;
    slowAnswers = 0;
  };

  const exceeds = (percent: number): boolean =>
    answers >= limits().endpointJudgedAfter && slowAnswers * 100 > answers * percent;

  return {
    state(now) {
      roll(now);
      if (droppingUntil !== undefined) return 'dropping';
      return exceeds(limits().slowPercent) ? 'slow' : 'healthy';
    },

    countAnswer(isSlow, now) {
      roll(now);
      answers += 1;
      if (isSlow) slowAnswers += 1;
      if (droppingUntil === undefined && exceeds(limits().dropPercent)) {
        droppingUntil = now + limits().dropSeconds * 1_000;
      }
    },

    droppingUntil: () => droppingUntil,
  };
}
