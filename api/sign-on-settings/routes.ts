import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { isRecentSession } from '../../database/people/sessions.ts';
import { findSignOnSettings, type SignOnSettings, saveSignOnSettings } from '../../database/people/sign-on-settings.ts';
import { findMissing } from '../../database/people/teams.ts';
import { findUser } from '../../database/people/users.ts';
import { principalOf } from '../access/access.ts';
import { recentSignInNeeded } from '../access/recent-sign-in.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import type { Cookies } from '../http/cookies.ts';
import { Problem } from '../http/problem.ts';
import { tokenHash } from '../http/random-token.ts';
import { noSuch } from '../teams/no-such.ts';
import { SignOnSettings as Settings, SignOnSettingsChange } from './schemas.ts';

const tags = ['Sign-in settings'];

/** Profiles from the identity provider, and when changes ask for a recent sign-in. */
export function signOnSettingsRoutes(
  { db }: ApiDependencies,
  { cookies }: { readonly cookies: Cookies },
): FastifyPluginAsyncZod {
  async function read() {
    const settings = await findSignOnSettings(db);
    return { ...settings, mappings: [...settings.mappings] };
  }

  /**
   * The next sign-in of who saves would end the profile Admin, as far as it is known: by the values of the last one. A
   * mapping that is new has not been tried, so it is asked about once.
   */
  async function warnOfLoss(request: FastifyRequest, settings: SignOnSettings): Promise<void> {
    const { claim } = settings;
    if (claim === null) return;
    const before = await findSignOnSettings(db);
    if (claim === before.claim && adminValues(before).every((value) => adminValues(settings).includes(value))) return;
    const { kind, id } = principalOf(request);
    const ofAdmin = adminValues(settings);
    const held = kind === 'user' && claim === before.claim ? (await findUser(db, id))?.mappedValues : undefined;
    const isSafe = kind === 'key' ? ofAdmin.length > 0 : held?.some((value) => ofAdmin.includes(value));
    if (isSafe) return;
    throw new Problem(
      'mapping-takes-administration',
      kind === 'key'
        ? 'No value is mapped to Admin, so administrators lose this profile at their next sign-in, except for the last one. Send it again with confirmed: true.'
        : 'By what is known, you lose the profile Admin at your next sign-in: none of the values that your last sign-in brought is mapped to it. Send it again with confirmed: true.',
    );
  }

  /** A session that turns it on proves that it works: else no change could be made any more, this one included. */
  async function proveStepUp(
    request: FastifyRequest,
    { stepUpMinutes: minutes, stepUpAcr: acr }: SignOnSettings,
  ): Promise<void> {
    if (minutes === null || principalOf(request).kind === 'key') return;
    const token = cookies.read(request, 'session');
    if (token !== undefined && (await isRecentSession(db, tokenHash(token), { minutes, acr }))) return;
    throw recentSignInNeeded(acr);
  }

  return async (app) => {
    app.get(
      '/api/v1/sign-on-settings',
      {
        config: { permission: 'users.read' },
        schema: {
          tags,
          summary: 'Read what the identity provider decides',
          response: { 200: answer(Settings, 'The settings.') },
        },
      },
      read,
    );

    app.put(
      '/api/v1/sign-on-settings',
      {
        config: {
          permission: 'users.change',
          problems: ['other-version', 'needs-confirmation', 'unacceptable-values'],
        },
        schema: {
          tags,
          summary: 'Save what the identity provider decides',
          description:
            'A mapping decides the profile of every person at each sign-in; the last administrator keeps the profile. ' +
            'Without a claim, profiles are set by hand and stay as they are. Asking for recent sign-ins is turned on by ' +
            'a session that is recent itself, or by an API key, from which no sign-in is ever asked.',
          body: SignOnSettingsChange,
          response: { 200: answer(Settings, 'The settings as they are now.') },
        },
      },
      async (request) => {
        const { confirmed, ...settings } = request.body;
        const teamIds = settings.mappings.flatMap(({ teamId }) => teamId ?? []);
        if ((await findMissing(db, 'teams', teamIds)).length > 0) throw noSuch('teams', '/mappings');
        if (!confirmed) await warnOfLoss(request, settings);
        await proveStepUp(request, settings);
        if ((await saveSignOnSettings(db, principalOf(request).actor, settings)) === 'other-version') {
          throw new Problem(
            'sign-on-settings-changed',
            'Other settings were saved since you read them. Read them again first.',
          );
        }
        return await read();
      },
    );
  };
}

function adminValues({ mappings }: SignOnSettings): readonly string[] {
  return mappings.filter(({ profile }) => profile === 'Admin').map(({ value }) => value);
}
