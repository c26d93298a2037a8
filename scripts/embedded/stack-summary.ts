import {
  DEFAULT_TENANT_ID,
  MAILROOM_CLIENT_ID,
  MAILROOM_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';
import { exampleUsers } from './seed-example.ts';
import type { StackEnvironment } from './stack-environment.ts';
import { type StackFolder, shownPath } from './stack-folder.ts';

/** The text after the start: the addresses of the stack, how to sign in, and what to do next. */
export function describeStack(environment: StackEnvironment, folder: StackFolder): string {
  const { PUBLIC_URL, SIMULATOR_URL, TEMPORAL_UI_URL, DATABASE_URL, FIRST_ADMINISTRATOR } = environment;
  const places = [
    ['Mailroom', PUBLIC_URL],
    ['API', `${PUBLIC_URL}/docs`],
    ['Temporal', TEMPORAL_UI_URL],
    ['Simulator', SIMULATOR_URL],
    ['Database', DATABASE_URL && withoutPassword(DATABASE_URL)],
    ['Data, logs', `${shownPath(folder.path)}, ${shownPath(folder.logs)}`],
  ];
  const organisation = [
    ['Tenant ID', DEFAULT_TENANT_ID],
    ['Client ID', MAILROOM_CLIENT_ID],
    ['Client secret', MAILROOM_CLIENT_SECRET],
  ];
  const simulated = SIMULATOR_URL !== undefined;
  const others = exampleUsers
    .filter(({ email }) => email !== FIRST_ADMINISTRATOR)
    .map(({ email, profile }) => `${email} (${profile})`)
    .join(' and ');
  const commands = [
    ...(simulated
      ? [
          ['npm run demo', 'three mailboxes, routing rules and real mail, to watch'],
          ['npm run deliver -- FILE.eml --to ADDRESS', 'mail into a simulated mailbox'],
        ]
      : []),
    ['npm run mailroom -- api-key create --name me --profile Admin', 'a key for the API'],
  ];
  return [
    '',
    'Mailroom runs.',
    '',
    ...table(places),
    '',
    ...(simulated
      ? [
          `Sign in as ${FIRST_ADMINISTRATOR}, with any password. A new database also knows ${others}.`,
          'The simulated organisation, for the global properties:',
          '',
          ...table(organisation),
          '',
        ]
      : []),
    'Next, in another terminal:',
    '',
    ...table(commands),
    '',
    'Ctrl-C stops it; the data stay. `npm run reset` wipes them.',
    '',
  ].join('\n');
}

function table(rows: readonly (readonly [string, string | undefined] | readonly (string | undefined)[])[]): string[] {
  const shown = rows.filter(([, text]) => text !== undefined);
  const width = Math.max(...shown.map(([name]) => name?.length ?? 0));
  return shown.map(([name, text]) => `  ${(name ?? '').padEnd(width)}   ${text}`);
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  return parsed.href;
}
