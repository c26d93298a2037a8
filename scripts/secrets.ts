import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SSO_CLIENT_SECRET } from '../simulator/entra/default-directory.ts';
import { createProgress } from './embedded/progress.ts';
import { readArguments } from './embedded/script-arguments.ts';
import { projectFolder, shownPath } from './embedded/stack-folder.ts';
import { newEncryptionKeys } from './embedded/stack-secrets.ts';
import { StartProblem } from './embedded/start-problem.ts';

const USAGE = `Usage: npm run secrets -- [options]

Makes the files with passwords and keys that docker-compose.yml reads. Files that are there stay as they are.

  --folder FOLDER   where to; secrets in this clone when not given
  --demo            with the simulator's client secret for signing in
`;

const { values: options } = readArguments(USAGE, {
  options: { demo: { type: 'boolean', default: false }, folder: { type: 'string' } },
});
const progress = createProgress();
const folder = options.folder ?? join(projectFolder, 'secrets');

const postgresPassword = randomBytes(24).toString('base64url');
/** The files that docker-compose.yml names, with the content of each new one. */
const secrets = {
  postgres_password: postgresPassword,
  database_url: `postgres://mailroom:${postgresPassword}@postgres:5432/mailroom`,
  // The role of API and workers, which the migration makes.
  runtime_database_url: `postgres://mailroom_runtime:${randomBytes(24).toString('base64url')}@postgres:5432/mailroom`,
  temporal_postgres_password: randomBytes(24).toString('base64url'),
  encryption_keys: newEncryptionKeys(),
  oidc_client_secret: options.demo ? SSO_CLIENT_SECRET : '',
  audit_stream_headers: '',
};

try {
  writeSecrets();
} catch (error) {
  progress.fail(error);
  process.exitCode = 1;
}

function writeSecrets(): void {
  // Only our user may enter the folder. The files are readable, because containers read them as other users.
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  const belongTogether = ['postgres_password', 'database_url'].map((name) => existsSync(join(folder, name)));
  if (belongTogether.includes(true) && belongTogether.includes(false)) {
    throw new StartProblem(
      `In ${shownPath(folder)}, one of postgres_password and database_url is missing: they hold the same password.`,
    );
  }
  for (const [name, value] of Object.entries(secrets)) {
    const path = join(folder, name);
    if (existsSync(path)) {
      progress.tell(`${shownPath(path)} is there already, and stays as it is`);
    } else {
      writeWhole(path, value);
      progress.done(shownPath(path));
    }
  }
  if (!options.demo) progress.tell('The client secret for signing in, if you use it, belongs into oidc_client_secret');
}

/** On a full disk, half a file would be taken for the secret the next time. */
function writeWhole(path: string, value: string): void {
  const unfinished = `${path}.new`;
  writeFileSync(unfinished, value, { mode: 0o600 });
  chmodSync(unfinished, 0o444);
  renameSync(unfinished, path);
}
