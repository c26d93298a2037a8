import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SSO_CLIENT_SECRET } from '../simulator/entra/default-directory.ts';
import { createProgress } from './embedded/progress.ts';
import { projectFolder, shownPath } from './embedded/stack-folder.ts';
import { newEncryptionKeys } from './embedded/stack-secrets.ts';

const { values: options } = parseArgs({
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

// Only our user may enter the folder. The files are readable, because containers read them as other users.
mkdirSync(folder, { recursive: true });
chmodSync(folder, 0o700);
const belongTogether = ['postgres_password', 'database_url'].map((name) => existsSync(join(folder, name)));
if (belongTogether.includes(true) && belongTogether.includes(false)) {
  progress.fail(
    `In ${shownPath(folder)}, one of postgres_password and database_url is missing: they hold the same password.`,
  );
  process.exit(1);
}
for (const [name, value] of Object.entries(secrets)) {
  const path = join(folder, name);
  if (existsSync(path)) {
    progress.tell(`${shownPath(path)} is there already, and stays as it is`);
  } else {
    writeFileSync(path, value, { mode: 0o400 });
    chmodSync(path, 0o444);
    progress.done(shownPath(path));
  }
}
if (!options.demo) progress.tell('The client secret for signing in, if you use it, belongs into oidc_client_secret');
