import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findCertificate } from '../../database/accounts/client-certificates.ts';
import { findLastSettingsChange } from '../../database/accounts/last-settings-change.ts';
import {
  type ClearSettings,
  clearSettingsFault,
  findSettings,
  findSettingsView,
  type SettingsChange,
  type SettingsView,
  saveSettings,
} from '../../database/accounts/settings.ts';
import { isSendingInstalled } from '../../database/answers/sending-options.ts';
import type { LastChange } from '../../database/queues/routing-rules.ts';
import { daysUntil } from '../../domain/expiry.ts';
import { isFailure } from '../../domain/failure.ts';
import {
  type SettingsFinding as Finding,
  type SettingsFindingCode,
  settingsFinding,
} from '../../graph/entra/settings-finding.ts';
import { principalOf } from '../access/access.ts';
import { storedFailureWords } from '../accounts/failure-words.ts';
import { type ApiDependencies, signInRedirectUri } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { valueProblem } from '../http/value-problem.ts';
import { Settings, SettingsFinding, SettingsInput, SettingsToCheck } from './schemas.ts';

const tags = ['Settings'];

/** The permissions that the app registration needs, in words. */
const neededPermissions = [
  { name: 'User.Read', kind: 'delegated' as const, why: 'To know which account signed in.' },
  { name: 'Mail.Read', kind: 'delegated' as const, why: "To read the mail that arrives in that account's mailbox." },
  {
    name: 'Mail.Read.Shared',
    kind: 'delegated' as const,
    why: 'To read shared mailboxes. Requested only from people who sign in for one.',
  },
  { name: 'offline_access', kind: 'delegated' as const, why: 'To keep reading without another sign-in.' },
];

/** Those for answering mail, where the installation allows it. */
const permissionsToSend = [
  {
    name: 'Mail.ReadWrite',
    kind: 'delegated' as const,
    why: 'To prepare answers in a mailbox. Requested only for accounts that may send.',
  },
  { name: 'Mail.Send', kind: 'delegated' as const, why: 'To send answers. Requested only for accounts that may send.' },
  {
    name: 'Mail.ReadWrite.Shared',
    kind: 'delegated' as const,
    why: 'To prepare answers in a shared mailbox that may send.',
  },
  { name: 'Mail.Send.Shared', kind: 'delegated' as const, why: 'To send answers from a shared mailbox that may send.' },
];

/** Marks the callback from the admin-consent page, which belongs to no attempt. */
export const ADMIN_CONSENT_STATE = 'admin-consent';

/** The global properties. */
export function settingsRoutes(dependencies: ApiDependencies): FastifyPluginAsyncZod {
  const { db, keys, signIn, certificate: ofFile } = dependencies;
  const redirectUri = signInRedirectUri(dependencies);

  async function readSettings(): Promise<z.output<typeof Settings>> {
    const view = await findSettingsView(db);
    const secret = view?.credential === 'secret' ? view : undefined;
    const forSending = await isSendingInstalled(db);
    return {
      configured: view !== undefined,
      tenantId: view?.tenantId ?? null,
      clientId: view?.clientId ?? null,
      certificateId: view?.credential === 'file' ? 'file' : (view?.certificateId ?? null),
      clientSecret: {
        set: secret !== undefined,
        setAt: secret?.clientSecretSetAt ?? null,
        endsWith: secret?.clientSecretHint || null,
        expiresAt: secret?.clientSecretExpiresAt ?? null,
        daysLeft: secret?.clientSecretExpiresAt ? daysUntil(secret.clientSecretExpiresAt, new Date()) : null,
        previousUntil: view?.previousClientSecretUntil ?? null,
      },
      redirectUri,
      permissions: forSending ? [...neededPermissions, ...permissionsToSend] : neededPermissions,
      adminConsentUrl: view
        ? signIn.adminConsentUrl({ settings: view, redirectUri, state: ADMIN_CONSENT_STATE, forSending })
        : null,
      fault: faultAnswer(view),
      version: view?.version ?? 0,
      updatedAt: view?.updatedAt ?? null,
    };
  }

  /**
   * The values to check: what was entered, completed by what is stored, as long as the stored secret goes nowhere new. A
   * certificate may be tried with any app: its private key stays here, and what it signs is good for one app alone.
   */
  async function completeSettings(typed: z.output<typeof SettingsToCheck>) {
    const stored = await findSettings(db, keys, ofFile);
    const tenantId = typed?.tenantId ?? stored?.tenantId ?? '';
    const clientId = typed?.clientId ?? stored?.clientId ?? '';
    const sameApp = tenantId === stored?.tenantId && clientId === stored.clientId;
    const certificate = await findChosen(typed, stored);
    if (certificate) {
      const areStored = sameApp && certificate.certificate === stored.certificate?.certificate;
      return { settings: { tenantId, clientId, clientSecret: '', certificate }, areStored };
    }
    if (typed?.clientSecret === undefined && stored && !sameApp) throw secretMissing();
    const clientSecret = typed?.clientSecret ?? stored?.clientSecret ?? '';
    return {
      settings: { tenantId, clientId, clientSecret },
      areStored: sameApp && clientSecret !== '' && clientSecret === stored.clientSecret,
    };
  }

  /** The certificate that was chosen, or is stored and stays; undefined: a secret. Throws when there is no such one. */
  async function findChosen(typed: z.output<typeof SettingsToCheck>, stored: ClearSettings | undefined) {
    const { clientSecret, certificateId } = typed ?? {};
    if (clientSecret !== undefined || certificateId === null) return undefined;
    if (certificateId === undefined) return stored?.certificate;
    const chosen = certificateId === 'file' ? ofFile : await findCertificate(db, keys, certificateId);
    if (!chosen) throw certificateMissing();
    return chosen;
  }

  /** Throws Microsoft's objections to the values, and before that anything that would prevent saving them. */
  async function requireWorking({ version, ...change }: SettingsChange): Promise<void> {
    if (version !== undefined && version !== ((await findSettingsView(db))?.version ?? 0)) {
      throw otherVersion(await findLastSettingsChange(db));
    }
    const { tenantId, clientId, clientSecret, certificateId } = change;
    const { settings } = await completeSettings({ tenantId, clientId, clientSecret, certificateId });
    if (settings.clientSecret === '' && !('certificate' in settings)) throw secretMissing();
    const findings = await signIn.checkSettings(settings).catch((error: unknown) => {
      if (isFailure(error, 'Unavailable')) return [settingsFinding('login-unreachable', { reference: error.code })];
      throw error;
    });
    const hindrance = findings.find(({ severity, code }) => severity === 'error' || code === 'login-throttled');
    if (hindrance) throw notWorking(hindrance);
  }

  return async (app) => {
    app.get(
      '/api/v1/email/settings',
      {
        config: { permission: 'settings.read' },
        schema: {
          tags,
          summary: 'Read the global properties',
          description: 'The client secret is never answered: only whether it is set, since when, and how it ends.',
          response: { 200: answer(Settings, 'The global properties.') },
        },
      },
      readSettings,
    );

    app.put(
      '/api/v1/email/settings',
      {
        config: { permission: 'settings.change', problems: ['other-version', 'settings-rejected'] },
        schema: {
          tags,
          summary: 'Save the global properties',
          description:
            'Without `clientSecret` the stored one is kept; another tenant or client needs its secret along with it. A ' +
            'certificate takes its place by `certificateId`. ' +
            'They are tried at Microsoft first: what it refuses, and what it cannot be asked about, is saved only with ' +
            '`force`; until then those of before count.',
          body: SettingsInput,
          response: { 200: answer(Settings, 'The global properties as they are now.') },
        },
      },
      async (request) => {
        const { force = false, clientSecretExpiresAt: end, ...given } = request.body;
        const change = {
          ...given,
          ...(end === undefined ? {} : { clientSecretExpiresAt: end === null ? null : new Date(end) }),
        };
        if (!force) await requireWorking(change);
        const outcome = await saveSettings(db, keys, principalOf(request).actor, change, ofFile);
        if (outcome === 'certificate-missing') throw certificateMissing();
        if (outcome === 'secret-missing') throw secretMissing();
        if (outcome === 'other-version') throw otherVersion(await findLastSettingsChange(db));
        return await readSettings();
      },
    );

    app.post(
      '/api/v1/email/settings/check',
      {
        config: { permission: 'settings.change' },
        schema: {
          tags,
          summary: 'Check the global properties',
          description:
            'Tries the values at Microsoft and tells in words what is the matter with them. Without a body the stored ' +
            'ones; with one also values that are not saved yet. The stored secret is only ever tried with the tenant ' +
            'and client that it was saved for.',
          body: SettingsToCheck,
          response: {
            200: answer(
              z.object({ works: z.boolean(), findings: z.array(SettingsFinding) }),
              'What was found, the most important first.',
            ),
          },
        },
      },
      async (request) => {
        const { settings, areStored } = await completeSettings(request.body);
        const findings = await signIn.checkSettings(settings);
        const works = findings.every(({ severity }) => severity !== 'error');
        if (areStored && findings.some(({ code }) => code === 'settings-work')) await clearSettingsFault(db);
        return { works, findings };
      },
    );
  };
}

function secretMissing(): Problem {
  const detail = 'The client secret is missing: it belongs to the tenant and the client, so enter it along with them.';
  return new Problem('secret-missing', detail, { errors: [valueProblem('/clientSecret', 'missing')] });
}

function certificateMissing(): Problem {
  return new Problem('values-refused', 'There is no such certificate. Take its id from the list of certificates.', {
    errors: [valueProblem('/certificateId', 'no-certificate')],
  });
}

function otherVersion(change: LastChange | undefined): Problem {
  return new Problem(
    'settings-changed',
    `${change?.by ?? 'Another user'} saved other settings since you read them. Read them again, then save yours.`,
    { facts: { ...(change && { at: change.at.toISOString(), ...(change.by !== null && { by: change.by }) }) } },
  );
}

/** While Microsoft does not answer, nothing is known about the values themselves. */
const unanswered: ReadonlySet<SettingsFindingCode> = new Set(['login-unreachable', 'login-throttled']);

function notWorking({ code, message, nextStep, field, reference }: Finding): Problem {
  const named = reference === undefined ? '' : ` (${reference})`;
  const facts = { finding: code, found: `${message}${named} ${nextStep}`, ...(field && { field }) };
  const saved = 'Nothing was saved. The previous values still apply. To save these all the same, send "force": true.';
  return new Problem(unanswered.has(code) ? 'settings-unchecked' : 'settings-do-not-work', `${facts.found} ${saved}`, {
    facts,
  });
}

function faultAnswer(view: SettingsView | undefined): z.output<typeof Settings>['fault'] {
  if (!view?.fault) return null;
  const { reason, code, status, requestId, since } = view.fault;
  const { cause, nextStep } = storedFailureWords('SettingsRejected', reason);
  return {
    reason,
    words: `${cause} ${nextStep}`,
    code: code ?? null,
    status: status ?? null,
    requestId: requestId ?? null,
    since,
  };
}
