import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type DestinationStream, destination, pino } from 'pino';
import { ensureCertificates } from './certificates.ts';
import { type Simulator, startSimulator } from './start-simulator.ts';

/** Missing in the container image, which offers no mails. */
const REAL_MAILS = fileURLToPath(new URL('../test/mail', import.meta.url));

const USAGE = `Usage: npm run simulator -- [options]

  --port N        where to listen; 4000 when not given, 0 for any free port
  --data PATH     keep everything in this SQLite file; without it nothing outlives the process
  --mails FOLDER  .eml files to choose from on the page; test/mail of this clone when not given, if it is there
  --tls           https with a certificate authority of its own
  --host ADDRESS  127.0.0.1 when not given. Anything else lets others in, without asking who they are: only for a
                  container whose port is published on loopback
`;

/** Starts the simulator as a separate process. */
async function main(): Promise<void> {
  const { port, data, mails, tls, host } = readOptions();
  const databasePath = data === undefined ? ':memory:' : resolve(data);
  if (data !== undefined) await mkdir(dirname(databasePath), { recursive: true });
  const certificates = tls
    ? await ensureCertificates(
        join(data === undefined ? resolve('.mailroom') : dirname(databasePath), 'simulator-certificates'),
      )
    : undefined;
  const errors: DestinationStream = destination(2);
  const simulator = await startSimulator({
    port,
    host,
    databasePath,
    mailFolder: resolve(mails),
    logger: pino({ level: 'error' }, errors),
    ...(certificates ? { tls: certificates } : {}),
  });
  stopWhenAsked(simulator);
  console.log(welcome(simulator.url, data === undefined ? undefined : databasePath, certificates?.authorityFile));
}

interface Options {
  readonly port: number;
  readonly data: string | undefined;
  readonly mails: string;
  readonly tls: boolean;
  readonly host: string;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4000' },
      data: { type: 'string' },
      mails: { type: 'string', default: REAL_MAILS },
      tls: { type: 'boolean', default: false },
      host: { type: 'string', default: '127.0.0.1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) throw new TypeError(`--port ${values.port} is no port number.`);
  return { port, data: values.data, mails: values.mails, tls: values.tls, host: values.host };
}

/** Ends on SIGINT and SIGTERM, and when the parent process is gone. */
function stopWhenAsked(simulator: Simulator): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    simulator.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  if (process.send) process.once('disconnect', stop);
  // The parent ended while this process was loading, before it listened for that event.
  if (process.connected === false) stop();
}

function welcome(url: string, databasePath: string | undefined, authorityFile: string | undefined): string {
  const kept = databasePath === undefined ? 'in memory only (--data PATH keeps it)' : databasePath;
  const trust = authorityFile ? [`Trust       NODE_EXTRA_CA_CERTS=${authorityFile}`] : [];
  return [
    `Simulated Microsoft 365 on ${url}`,
    `Sign-in     ${url}/{tenant}/oauth2/v2.0/authorize      Apps  ${url}/myapps`,
    `Graph       ${url}/v1.0`,
    `Control     ${url}/ tells how`,
    `Data        ${kept}`,
    ...trust,
    `Deliver     npm run deliver -- mail.eml --to sales@contoso.example --simulator ${url}`,
    'Ctrl-C stops it.',
  ].join('\n');
}

try {
  await main();
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `${error.message}. Another program has the port; give another one with --port.`;
  if (code === 'EACCES' && 'port' in error) return `${error.message}. Give a port above 1023 with --port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${error.message}. This machine has no such address; give another one with --host.`;
  }
  if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')) return `${error.message}\n\n${USAGE}`;
  if (code === 'ERR_SQLITE_ERROR')
    return `The data file cannot be used: ${error.message}. Move it away, or give another --data.`;
  return error instanceof TypeError ? error.message : (error.stack ?? error.message);
}
