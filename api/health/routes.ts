import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { footingWords } from '../../database/processes/footing-words.ts';
import { databaseReasons, keyReasons } from '../../domain/health.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { rememberBriefly } from '../http/remember-briefly.ts';
import { Time } from '../http/values.ts';
import { createHealth } from './health.ts';
import { Health, healthAnswer } from './schemas.ts';

const tags = ['Health'];
/** Shortest time between two checks of Temporal. */
const FRESH_FOR_MS = 1_000;
/** Shortest time between two counts of paused workflows, which reads Temporal's list. */
const COUNT_FRESH_FOR_MS = 10_000;

const Readiness = z
  .object({
    ready: z.boolean(),
    database: z.enum(['up', 'down']),
    temporal: z.enum(['up', 'down']),
    reason: z
      .enum([...databaseReasons, ...keyReasons])
      .nullable()
      .meta({ description: 'Why no requests should be sent to it: the database, or a key of ENCRYPTION_KEYS.' }),
    code: z.string().nullable().meta({ description: 'SQLSTATE, or the code of the operating system.' }),
    since: Time.nullable(),
    detail: z.string(),
  })
  .meta({ id: 'Readiness' });

/** Liveness, readiness, and the health of Mailroom as a whole. */
export function healthRoutes(dependencies: ApiDependencies): FastifyPluginAsyncZod {
  const { footing } = dependencies;
  const temporalAnswers = rememberBriefly(dependencies.temporalAnswers, FRESH_FOR_MS);
  const pausedWorkflows = rememberBriefly(dependencies.pausedWorkflows, COUNT_FRESH_FOR_MS);
  const readHealth = createHealth({ ...dependencies, temporalAnswers, pausedWorkflows });
  return async (app) => {
    app.get(
      '/healthz',
      {
        config: { permission: 'public' },
        schema: {
          tags,
          summary: 'Does the process live?',
          response: { 200: answer(z.object({ alive: z.literal(true) }), 'It does.') },
        },
      },
      async () => ({ alive: true as const }),
    );

    app.get(
      '/readyz',
      {
        config: { permission: 'public' },
        schema: {
          tags,
          summary: 'May requests be sent to this process?',
          description:
            'Needs a PostgreSQL that takes what is written, and the keys that encrypted it. Without the Temporal server a process stays ready: pages, queues and ' +
            "Microsoft's notifications work, and commands say why they do not.",
          response: {
            200: answer(Readiness, 'Yes; `detail` says what is missing all the same.'),
            503: answer(Readiness, 'No; `detail` says what is missing.'),
          },
        },
      },
      async (_request, reply) => {
        const [{ problem, since }, temporalIsUp] = await Promise.all([footing(), temporalAnswers()]);
        const isAway = problem?.reason === 'database-down';
        const missing = [isAway && 'PostgreSQL', !temporalIsUp && 'the Temporal server'].filter(Boolean);
        const waiting =
          missing.length > 0 && `Waiting for ${missing.join(' and ')}. Mailroom goes on by itself when it answers.`;
        const troubled = problem && !isAway && footingWords(problem);
        reply.code(problem ? 503 : 200);
        return {
          ready: problem === undefined,
          database: problem ? ('down' as const) : ('up' as const),
          temporal: temporalIsUp ? ('up' as const) : ('down' as const),
          reason: problem?.reason ?? null,
          code: problem?.code ?? null,
          since: problem ? since : null,
          detail: [troubled, waiting].filter(Boolean).join(' ') || 'Everything is there.',
        };
      },
    );

    app.get(
      '/api/v1/health',
      {
        config: { permission: 'health.read' },
        schema: {
          tags,
          summary: 'How is Mailroom?',
          description:
            'API, workers, Temporal, database and Microsoft, each with its state, why, and since when. A process that gave ' +
            'no sign of life for 30 seconds stands still, or is cut off.',
          response: { 200: answer(Health, 'All components.') },
        },
      },
      async () => healthAnswer(await readHealth()),
    );
  };
}
