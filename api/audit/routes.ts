import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readAuditEntries } from '../../database/audit/read-entries.ts';
import { type AuditKind, auditKinds, auditOutcomes } from '../../domain/audit-act.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, file } from '../http/answers.ts';
import { decodeCursor, encodeCursor } from '../http/page-cursor.ts';
import { Count } from '../http/values.ts';
import { auditLines, shownEntry } from './entry-lines.ts';

const tags = ['Audit'];

const Moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const Exact = z.string().min(1).max(320);

const Filter = {
  from: Moment.optional(),
  before: Moment.optional(),
  actor: Exact.optional().meta({
    description: '`user:<id>`, `key:<id>`, `cli`, `mailroom`, or the address or name that the person or key had.',
  }),
  kind: z.enum(auditKinds as readonly [AuditKind, ...AuditKind[]]).optional(),
  act: Exact.optional().meta({ examples: ['mail.read'] }),
  outcome: z.enum(auditOutcomes).optional(),
  object: Exact.optional().meta({ description: 'Its id, or the name that it had.' }),
  address: Exact.optional().meta({ description: 'Where the request came from.' }),
};

const Text = z.string().nullable();
const Entry = z
  .object({
    id: z.int(),
    at: z.string().meta({ format: 'date-time' }),
    act: z.string().meta({ examples: ['item.claim'] }),
    outcome: z.string().meta({ description: 'One of `done`, `unchanged`, `refused`, `failed`.' }),
    reason: Text.meta({ description: 'Why it was refused: a reason of problem documents.' }),
    actor: z
      .string()
      .meta({ description: '`user:<id>`, `key:<id>`, `cli`, `mailroom`, `database:<role>` or `unknown`.' }),
    actorName: Text,
    profile: Text,
    address: Text,
    agent: Text.meta({ description: 'The beginning of the user agent.' }),
    requestId: Text,
    objectKind: Text,
    objectId: Text,
    objectName: Text.meta({ description: 'Its name at that time.' }),
    changes: z
      .array(
        z.object({
          table: z.string().optional(),
          change: z.string().optional(),
          id: z.string().nullish(),
          name: z.string().nullish(),
          before: z.record(z.string(), z.unknown()).optional(),
          after: z.record(z.string(), z.unknown()).optional(),
          more: z.boolean().optional().meta({ description: 'Further rows were changed.' }),
        }),
      )
      .nullable()
      .meta({ description: 'Values before and after by name; of secrets and long texts only `changed`.' }),
    number: z
      .int()
      .nullable()
      .meta({ description: 'Its place in the chain; null: not sealed yet, which takes a second.' }),
    hash: Text,
  })
  .meta({ id: 'AuditEntry', description: 'Who did or saw what, from where and when.' });

const lines = {
  csv: { type: 'text/csv; charset=utf-8; header=present', media: 'text/csv' },
  jsonl: { type: 'application/jsonl; charset=utf-8', media: 'application/jsonl' },
} as const;

/** Reading and exporting the audit trail. */
export function auditRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/v1/audit',
      {
        config: { permission: 'audit.read' },
        schema: {
          tags,
          summary: 'Read the audit trail',
          description: 'Entries that match all given values, the newest first.',
          querystring: z.strictObject({
            ...Filter,
            pageSize: Count(1, 200, 50),
            cursor: z.string().max(500).optional(),
          }),
          response: {
            200: answer(
              z.object({ entries: z.array(Entry), nextCursor: z.string().nullable() }),
              'A page of entries; `nextCursor` is null on the last one.',
            ),
          },
        },
      },
      async (request) => {
        const { pageSize, cursor, ...filter } = request.query;
        const [beyond] = cursor === undefined ? [] : decodeCursor(cursor, [(part) => /^\d{1,15}$/.test(part)]);
        const found = await readAuditEntries(db, filter, {
          limit: pageSize + 1,
          order: 'desc',
          beyond: beyond === undefined ? undefined : Number(beyond),
        });
        const shown = found.slice(0, pageSize);
        const last = found.length > pageSize ? shown.at(-1) : undefined;
        return { entries: shown.map(shownEntry), nextCursor: last ? encodeCursor(String(last.id)) : null };
      },
    );

    for (const format of ['csv', 'jsonl'] as const) {
      const { type, media } = lines[format];
      app.get(
        `/api/v1/audit.${format}`,
        {
          config: { permission: 'audit.read' },
          schema: {
            tags,
            summary: format === 'csv' ? 'Export the audit trail' : 'Export the audit trail as JSON Lines',
            description:
              'A line for each entry that matches, the oldest first, with its place in the chain and the hash there.' +
              (format === 'csv' ? ' Texts that a spreadsheet would calculate begin with an apostrophe.' : ''),
            querystring: z.strictObject(Filter),
            response: { 200: file([media], 'The lines.') },
          },
        },
        async (request, reply) => {
          reply.header('content-disposition', `attachment; filename="mailroom-audit.${format}"`);
          reply.type(type);
          return reply.send(Readable.from(auditLines(db, request.query, format), { objectMode: false }));
        },
      );
    }
  };
}
