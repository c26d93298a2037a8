import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { findAccountByAddress } from '../../database/accounts/account-reads.ts';
import {
  type ApplicationAccessView,
  findApplicationAccess,
  requestCheck,
  switchApplicationAccess,
} from '../../database/application-access/application-access.ts';
import { applicationHindrance } from '../../domain/application-access.ts';
import { Failure } from '../../domain/failure.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { valueProblem } from '../http/value-problem.ts';
import { ApplicationAccess, ApplicationAccessChange, applicationAccessAnswer, failureSentence } from './schemas.ts';

const tags = ['Settings'];
const path = '/api/v1/email/settings/application-access';

/** A worker begins within two seconds, and waits ten for each of two answers of Microsoft. */
const CHECKED_WITHIN_MS = 25_000;
const LOOK_EVERY_MS = 200;

/** Whether mailboxes may be read with the application's own rights, and the proof of its limit. */
export function applicationAccessRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  const read = async (): Promise<z.output<typeof ApplicationAccess>> =>
    applicationAccessAnswer(await findApplicationAccess(db));

  /** Has a worker check these mailboxes, or those of before; waits for the result. */
  async function check(canaries?: readonly string[]): Promise<ApplicationAccessView> {
    const before = await findApplicationAccess(db);
    if (before.currentApp === null) {
      throw new Failure('SettingsRejected', 'The settings are not entered', { reason: 'settings-missing' });
    }
    if ((canaries ?? before.canaries).length === 0) throw canariesMissing();
    const requestedAt = await requestCheck(db, canaries);
    for (const until = Date.now() + CHECKED_WITHIN_MS; Date.now() < until; await sleep(LOOK_EVERY_MS)) {
      const view = await findApplicationAccess(db);
      if (view.triedAt !== null && view.triedAt >= requestedAt) return view;
    }
    throw new Failure('Unavailable', 'No worker has made the check in time', { reason: 'no-worker' });
  }

  /** Accounts that Mailroom reads are no proof of what it must not read. */
  async function refuseConnected(canaries: readonly string[]): Promise<void> {
    for (const [at, address] of canaries.entries()) {
      if (!(await findAccountByAddress(db, address))) continue;
      const detail = `${address} is connected: name mailboxes that Mailroom must not be able to read.`;
      const errors = [valueProblem(`/canaries/${at}`, 'not-acceptable')];
      throw new Problem('canary-connected', detail, { facts: { address }, errors });
    }
  }

  return async (app) => {
    app.get(
      path,
      {
        config: { permission: 'settings.read' },
        schema: {
          tags,
          summary: 'Read whether application access is used',
          response: { 200: answer(ApplicationAccess, 'Application access, and what is known of its limit.') },
        },
      },
      read,
    );

    app.put(
      path,
      {
        config: { permission: 'settings.change', problems: ['settings-missing', 'settings-rejected'] },
        schema: {
          tags,
          summary: 'Switch application access on or off',
          description:
            'On: a worker tries first to read the named mailboxes, which the application must not be able to read. Only ' +
            'if Exchange refuses it is application access switched on. Off: its accounts keep their place and wait.',
          body: ApplicationAccessChange,
          response: { 200: answer(ApplicationAccess, 'Application access as it is now.') },
        },
      },
      async (request) => {
        const { enabled, canaries } = request.body;
        const { actor } = principalOf(request);
        const named = canaries && [...new Set(canaries)];
        if (named) await refuseConnected(named);
        if (enabled) requireProof(await check(named));
        await switchApplicationAccess(db, actor, enabled);
        return await read();
      },
    );

    app.post(
      `${path}/check`,
      {
        config: { permission: 'settings.change', problems: ['settings-missing', 'unacceptable-values'] },
        schema: {
          tags,
          summary: 'Check the limit of the application now',
          description: 'A worker tries to read the named mailboxes. Done once a day anyway.',
          response: { 200: answer(ApplicationAccess, 'What the check has found.') },
        },
      },
      async () => applicationAccessAnswer(await check()),
    );
  };
}

/** Throws unless the last check has proved the limit, just now and for the app of the settings. */
function requireProof(view: ApplicationAccessView): void {
  if (view.failureReason === 'mailbox-not-found') throw canariesMissing();
  if (view.failureReason !== null) {
    const detail = `Application access was not switched on, because its limit could not be checked. ${failureSentence(view.failureReason)}`;
    throw new Problem('application-not-checked', detail, { facts: { failure: view.failureReason } });
  }
  if (applicationHindrance({ ...view, enabled: true }) === undefined) return;
  const readable = [...view.readable];
  throw new Problem(
    'application-reads-more',
    `The application can read ${readable.join(', ')}, so it is not limited. Remove its application permissions for mail in ` +
      'Entra, and give it roles with a management scope in Exchange (docs/operations.md). Changes take up to two hours.',
    { facts: { readable } },
  );
}

function canariesMissing(): Problem {
  return new Problem(
    'canaries-missing',
    'Name at least one existing mailbox that the application must not be able to read.',
    { errors: [valueProblem('/canaries', 'not-acceptable')] },
  );
}
