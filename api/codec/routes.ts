import type { Payload } from '@temporalio/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { DecryptionError } from '../../encryption/key-ring.ts';
import { createEncryptingCodec } from '../../temporal/encrypting-codec.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { CODEC_PATH } from './codec-path.ts';

const DECODE = `${CODEC_PATH}/decode`;
const ENCODE = `${CODEC_PATH}/encode`;
/** A page of a history with payloads of the largest size that Temporal allows. */
const MAX_PAYLOADS_BYTES = 16 * 1_048_576;
/** The encoding that `createEncryptingCodec` sets. */
const ENCRYPTED = 'binary/encrypted';

const Base64 = z.base64();
const Payloads = z
  .object({
    payloads: z
      .array(z.object({ metadata: z.record(z.string(), Base64).optional(), data: Base64.optional() }))
      .max(10_000),
  })
  .meta({
    id: 'TemporalPayloads',
    examples: [{ payloads: [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'MQ==' }] }],
  });

/** Decodes payloads for Temporal's pages, by Temporal's remote codec protocol; encodes none (decision 86). */
export function codecRoutes({ keys, config }: ApiDependencies): FastifyPluginAsyncZod {
  const codec = createEncryptingCodec(keys);
  const uiOrigin = new URL(config.temporal.uiUrl).origin;
  const forLoopback = config.api.codecAccess === 'loopback';

  async function decodeOne(payload: Payload): Promise<Payload> {
    const encoding = payload.metadata?.encoding;
    if (!encoding || Buffer.from(encoding).toString() !== ENCRYPTED) return payload;
    try {
      const [decoded] = await codec.decode([payload]);
      return decoded ?? payload;
    } catch (error) {
      // Encrypted with another key, or not by Mailroom. The other payloads can still be decoded.
      if (error instanceof DecryptionError) return payload;
      throw error;
    }
  }

  /** On every answer, refusals included: without it Temporal's pages could not read why a request failed. */
  async function allowOrigin(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
    reply.headers({
      'access-control-allow-origin': uiOrigin,
      'access-control-allow-credentials': 'true',
      'cross-origin-resource-policy': 'cross-origin',
      vary: 'Origin',
    });
  }

  return async (app) => {
    app.addHook('onSend', allowOrigin);

    for (const path of [DECODE, ENCODE]) {
      app.options(path, { config: { permission: 'public' }, schema: { hide: true } }, async (_request, reply) => {
        reply.headers({
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': 'content-type, x-namespace, authorization, authorization-extras, caller-type',
          'access-control-max-age': '600',
        });
        return await reply.code(204).send();
      });
    }

    const forPages = {
      bodyLimit: MAX_PAYLOADS_BYTES,
      config: {
        permission: forLoopback ? 'public' : 'payloads.decode',
        alsoFrom: uiOrigin,
        acceptsCodecPass: true,
        problems: ['not-permitted'],
      },
      onRequest: async (request: FastifyRequest) => {
        if (forLoopback) refuseStrangers(request, uiOrigin);
      },
    } as const;

    app.post(ENCODE, { ...forPages, schema: { hide: true } }, async () => {
      throw new Problem(
        'codec-only-decodes',
        'Mailroom decodes payloads for these pages and encodes none: commands are given in Mailroom, which records who ' +
          'gave them. Signals without input, resets, cancellations and terminations work here.',
      );
    });

    app.post(
      DECODE,
      {
        ...forPages,
        schema: {
          tags: ['Operations'],
          summary: "Decode payloads for Temporal's pages",
          description:
            "Temporal's remote codec protocol. Set the codec endpoint of its pages to `/temporal/codec` here, and let " +
            'them send credentials. Payloads that are not encrypted, or with a key that is not configured, come back ' +
            'unchanged.',
          body: Payloads,
          response: { 200: answer(Payloads, 'The payloads, decoded.') },
        },
      },
      async (request) => {
        const decoded = await Promise.all(request.body.payloads.map((payload) => decodeOne(fromJson(payload))));
        return { payloads: decoded.map(toJson) };
      },
    );
  };
}

/**
 * With CODEC_ACCESS=loopback: only browsers on this machine, and only for Temporal's pages. Checks the address of the
 * connection itself; proxied requests do not count as local, whatever the proxy's own address.
 */
function refuseStrangers({ socket, headers }: FastifyRequest, uiOrigin: string): void {
  const isNear = /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '');
  const isProxied = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  if (isNear && !isProxied && headers.origin === uiOrigin) return;
  throw new Problem(
    'codec-from-elsewhere',
    "Only Temporal's pages on this machine may ask for this. Set CODEC_ACCESS=session.",
  );
}

type JsonPayload = z.output<typeof Payloads>['payloads'][number];

function fromJson({ metadata = {}, data = '' }: JsonPayload): Payload {
  return {
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')])),
    data: Buffer.from(data, 'base64'),
  };
}

function toJson({ metadata, data }: Payload): JsonPayload {
  return {
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
    ),
    data: Buffer.from(data ?? []).toString('base64'),
  };
}
