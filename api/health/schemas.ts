import { z } from 'zod';
import {
  type ComponentHealth,
  healthComponents,
  healthReasons,
  healthStates,
  overallState,
} from '../../domain/health.ts';
import { Time } from '../http/values.ts';
import { healthWords } from './health-words.ts';

const State = z.enum(healthStates).meta({
  id: 'HealthState',
  description:
    '`impaired`: works in part, or soon no more. `unknown`: there is nothing yet from which it could be known.',
});

const Component = z
  .object({
    component: z.enum(healthComponents),
    state: State,
    reason: z.enum(healthReasons),
    words: z.string().meta({ examples: ['Mailboxes are read.'] }),
    since: Time.meta({ description: 'Since when it is so, as far as it is known.' }),
    facts: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .meta({ description: 'What `words` names, for words of your own.' }),
  })
  .meta({ id: 'ComponentHealth' });

export const Health = z
  .object({
    state: State.meta({ description: 'The worst of all components.' }),
    components: z.array(Component),
    checkedAt: Time,
  })
  .meta({ id: 'Health', description: 'How Mailroom and what it stands on are.' });

export function healthAnswer(components: readonly ComponentHealth[]): z.input<typeof Health> {
  const now = new Date();
  return {
    state: overallState(components),
    components: components.map((health) => ({
      ...health,
      words: healthWords(health),
      since: health.since ?? now,
      facts: { ...health.facts },
    })),
    checkedAt: now,
  };
}
