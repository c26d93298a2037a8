import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../database/database.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../schemas/answers.ts';

const tags = ['Health'];

const Readiness = z
  .object({
    ready: z.boolean(),
    database: z.enum(['up', 'down']),
    temporal: z.enum(['up', 'down']),
    detail: z.string(),
  })
  .meta({ id: 'Readiness' });

/** An orchestrator asks every few seconds; an answer that takes longer is none. */
const CHECK_DEADLINE_MS = 2_000;

/** Whether the process lives, and whether what it stands on is there. */
export function healthRoutes({ db, temporalAnswers }: ApiDependencies): FastifyPluginAsyncZod {
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
            'Needs PostgreSQL. Without the Temporal server a process stays ready: pages, queues and ' +
            "Microsoft's notifications work, and commands say why they do not.",
          response: {
            200: answer(Readiness, 'Yes; `detail` says what is missing all the same.'),
            503: answer(Readiness, 'No; `detail` says what is missing.'),
          },
        },
      },
      async (_request, reply) => {
        const [databaseIsUp, temporalIsUp] = await Promise.all([databaseAnswers(db), temporalAnswers()]);
        const missing = [!databaseIsUp && 'PostgreSQL', !temporalIsUp && 'the Temporal server'].filter(Boolean);
        reply.code(databaseIsUp ? 200 : 503);
        return {
          ready: databaseIsUp,
          database: databaseIsUp ? ('up' as const) : ('down' as const),
          temporal: temporalIsUp ? ('up' as const) : ('down' as const),
          detail:
            missing.length === 0
              ? 'Everything is there.'
              : `Waiting for ${missing.join(' and ')}. Mailroom goes on by itself when it answers.`,
        };
      },
    );
  };
}

async function databaseAnswers(db: Database): Promise<boolean> {
  const asked = sql`select 1 from settings limit 1`.execute(db).then(
    () => true,
    () => false,
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, CHECK_DEADLINE_MS, false);
  });
  return await Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
