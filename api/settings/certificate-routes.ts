import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  addCertificate,
  type CertificateView,
  deleteCertificate,
  listCertificates,
  MOST_CERTIFICATES,
} from '../../database/accounts/client-certificates.ts';
import { findSettingsView } from '../../database/accounts/settings.ts';
import { daysUntil } from '../../domain/expiry.ts';
import { certificateFacts } from '../../encryption/client-certificate.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, empty } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { IdParams, Time } from '../http/values.ts';
import { makeCertificate } from './make-certificate.ts';

const tags = ['Settings'];

const Certificate = z
  .object({
    id: z.string().meta({ description: '`file`: the one of the files that every process was given.' }),
    thumbprint: z.string().meta({ description: 'SHA-1 in hex, as Entra lists it.' }),
    thumbprintSha256: z.string(),
    validFrom: Time,
    validTo: Time,
    daysLeft: z.int().meta({ description: 'Warnings are at 30, 14, 7 and 1; 0 or less: it has ended.' }),
    use: z.enum(['in-use', 'before', 'unused']).meta({
      description: '`before`: used for an hour where Microsoft refuses what replaced it.',
    }),
    madeAt: Time.nullable().meta({ description: 'Null for that of the files.' }),
    certificate: z.string().meta({ description: 'In PEM, to be uploaded to the app registration. It is public.' }),
  })
  .meta({ id: 'Certificate' });

/** Certificates that can take the place of the client secret. */
export function certificateRoutes({ db, keys, certificate: ofFile }: ApiDependencies): FastifyPluginAsyncZod {
  async function list(): Promise<z.output<typeof Certificate>[]> {
    const made = (await listCertificates(db)).map(certificateAnswer);
    if (!ofFile) return made;
    const use = (await findSettingsView(db))?.credential === 'file' ? 'in-use' : 'unused';
    const { certificate } = ofFile;
    return [certificateAnswer({ id: 'file', certificate, use, madeAt: null }), ...made];
  }

  return async (app) => {
    app.get(
      '/api/v1/email/settings/certificates',
      {
        config: { permission: 'settings.read' },
        schema: {
          tags,
          summary: 'List certificates for Microsoft',
          description: 'Private keys are never answered: they stay in this installation.',
          response: {
            200: answer(z.object({ certificates: z.array(Certificate) }), 'That of the files, and the newest first.'),
          },
        },
      },
      async () => ({ certificates: await list() }),
    );

    app.post(
      '/api/v1/email/settings/certificates',
      {
        config: { permission: 'settings.change', problems: ['conflict'] },
        schema: {
          tags,
          summary: 'Make a certificate',
          description:
            'Makes a key pair and its certificate for a year. Nothing uses it before it is uploaded to the app registration ' +
            'in Entra and chosen in the global properties.',
          response: { 201: answer(Certificate, 'The certificate, without its private key.') },
        },
      },
      async (request, reply) => {
        // Making a key takes a second of a core: not for what is refused afterwards.
        const isRoom = (await listCertificates(db)).length < MOST_CERTIFICATES;
        const id = isRoom
          ? await addCertificate(db, keys, principalOf(request).actor, await makeCertificate())
          : undefined;
        const made = (await list()).find((certificate) => certificate.id === id);
        if (!made) {
          const detail = `There are ${MOST_CERTIFICATES} certificates already. Delete one that is not in use.`;
          throw new Problem('too-many-certificates', detail, { facts: { most: MOST_CERTIFICATES } });
        }
        reply.code(201);
        return made;
      },
    );

    app.delete(
      '/api/v1/email/settings/certificates/:id',
      {
        config: { permission: 'settings.change', problems: ['not-found', 'conflict'] },
        schema: {
          tags,
          summary: 'Delete a certificate',
          description: 'With its private key, for good. Not the one in use.',
          params: IdParams,
          response: { 204: empty('It is deleted.') },
        },
      },
      async (request, reply) => {
        const outcome = await deleteCertificate(db, principalOf(request).actor, request.params.id);
        if (outcome === 'deleted') return await reply.code(204).send();
        throw outcome === 'in-use'
          ? new Problem('certificate-in-use', 'The certificate is in use. Choose another one, or a secret, first.')
          : new Problem('no-such-certificate', 'There is no such certificate, or none any more.');
      },
    );
  };
}

function certificateAnswer({
  id,
  certificate,
  use,
  madeAt,
}: Omit<CertificateView, 'madeAt'> & { readonly madeAt: Date | null }): z.output<typeof Certificate> {
  const facts = certificateFacts(certificate);
  return { id, ...facts, daysLeft: daysUntil(facts.validTo, new Date()), use, madeAt, certificate };
}
