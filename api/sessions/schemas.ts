import { z } from 'zod';
import { LEAST_ABSOLUTE_MINUTES, LEAST_IDLE_MINUTES, MOST_SESSION_MINUTES } from '../../domain/session-limits.ts';
import { refusedAs } from '../http/value-problem.ts';
import { Id, Time } from '../http/values.ts';

export const Session = z
  .object({
    id: Id,
    isCurrent: z.boolean().meta({ description: 'True: the session of this request.' }),
    browser: z
      .string()
      .nullable()
      .meta({ description: 'Null: not known.', examples: ['Firefox'] }),
    system: z
      .string()
      .nullable()
      .meta({ description: 'Null: not known.', examples: ['Windows'] }),
    address: z
      .string()
      .nullable()
      .meta({ description: 'From where the person signed in.', examples: ['192.0.2.7'] }),
    signedInAt: Time,
    lastUsedAt: Time.meta({ description: 'To the minute.' }),
  })
  .meta({ id: 'Session', description: 'A browser in which a person is signed in.' });

export const Sessions = z.object({ sessions: z.array(Session) });

export const EndedSessions = z.object({ ended: z.int().meta({ description: 'How many sessions ended.' }) });

const limits = {
  idleMinutes: z.int().min(LEAST_IDLE_MINUTES).max(MOST_SESSION_MINUTES).meta({
    description: 'Minutes without use after which a session ends.',
  }),
  absoluteMinutes: z.int().min(LEAST_ABSOLUTE_MINUTES).max(MOST_SESSION_MINUTES).meta({
    description: 'Minutes after which a session ends, however much it is used.',
  }),
  version: z.int().min(1).meta({ description: 'Of what was read.' }),
};

export const SessionLimits = z.object(limits).meta({ id: 'SessionLimits', description: 'How long sessions last.' });

export const SessionLimitsChange = z
  .strictObject(limits)
  .refine(({ idleMinutes, absoluteMinutes }) => idleMinutes <= absoluteMinutes, {
    ...refusedAs('idle-beyond-absolute'),
    path: ['idleMinutes'],
  })
  .meta({ id: 'SessionLimitsChange', examples: [{ idleMinutes: 480, absoluteMinutes: 1440, version: 1 }] });
