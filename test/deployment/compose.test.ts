import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { variables } from '../../config/variables.ts';
import { searchAttributeTypes } from '../../contract/mailbox.ts';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import { DEFAULT_ADMINISTRATOR, DEFAULT_TENANT_ID, SSO_CLIENT_ID } from '../../simulator/entra/default-directory.ts';

/** The part of the Compose specification that the file uses. Strict: an indentation gone wrong shows as a stranger. */
const strings = z.array(z.string());
const scalars = z.record(z.string(), z.union([z.string(), z.number()]));
const duration = z.string().regex(/^\d+s$/);
const serviceShape = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.literal('.'), target: z.string() }).optional(),
  command: strings.optional(),
  entrypoint: strings.optional(),
  environment: scalars.optional(),
  secrets: strings.optional(),
  configs: z.array(z.strictObject({ source: z.string(), target: z.string() })).optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.string() })).optional(),
  healthcheck: z
    .strictObject({
      test: strings,
      interval: duration,
      timeout: duration,
      retries: z.number(),
      start_period: duration,
      start_interval: duration,
    })
    .optional(),
  init: z.literal(true).optional(),
  networks: z.union([strings, z.record(z.string(), z.strictObject({ aliases: strings }))]),
  cap_drop: z.tuple([z.literal('ALL')]),
  cap_add: strings.optional(),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  pids_limit: z.number(),
  mem_limit: z.string().regex(/^\d+[mg]$/),
  shm_size: z.string().optional(),
  read_only: z.literal(true).optional(),
  tmpfs: strings.optional(),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/, 'must be on the loopback address')).optional(),
  profiles: strings.optional(),
  restart: z.enum(['unless-stopped', 'on-failure:10']),
  stop_grace_period: duration.optional(),
  volumes: strings.optional(),
});
const files = z.record(z.string(), z.strictObject({ file: z.string() }));
const composeShape = z.object({
  name: z.literal('mailroom'),
  services: z.record(z.string(), serviceShape),
  configs: files,
  secrets: files,
  volumes: z.record(z.string(), z.null()),
  networks: z.record(z.string(), z.strictObject({ internal: z.literal(true) }).nullable()),
});

const text = readProjectFile('docker-compose.yml');
const compose = composeShape.parse(parse(text, { merge: true }));
const dockerfile = readProjectFile('Dockerfile');
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build?.target === 'mailroom');

function readProjectFile(path: string): string {
  return readFileSync(join(projectFolder, path), 'utf8');
}

function service(name: string) {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`There is no service ${name}`);
  return found;
}

describe('docker-compose.yml', () => {
  it.skipIf(spawnSync('docker', ['compose', 'version']).status !== 0)('is accepted by Docker Compose', () => {
    const { status, stderr } = spawnSync('docker', ['compose', 'config', '--quiet'], {
      cwd: projectFolder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('runs the migration, the API and the worker from one image', () => {
    expect(ours.map(([name]) => name).sort()).toEqual(['api', 'migrate', 'worker']);
  });

  it.each(ours)('starts a program that exists and is in the image: %s', (_, { command = [] }) => {
    const [node, program = ''] = command;
    expect(node).toBe('node');
    expect(existsSync(join(projectFolder, program))).toBe(true);
    expect(dockerfile).toContain(`COPY ${program.split('/')[0]} `);
  });

  it.each(ours)('sets only variables that Mailroom reads: %s', (_, { environment = {} }) => {
    for (const name of Object.keys(environment).filter((each) => each !== 'NODE_ENV')) {
      const variable = Object.entries(variables).find(([known]) => known === name.replace(/_FILE$/, ''))?.[1];
      expect(variable, name).toBeDefined();
      // Secrets come from files, and only they can; a proxy's address is handed on from the shell, as everywhere.
      if (/^HTTPS?_PROXY$/.test(name)) continue;
      expect('secret' in (variable ?? {}), name).toBe(name.endsWith('_FILE'));
    }
  });

  it.each(services)('mounts each secret that it names, from a file that `npm run secrets` writes: %s', (_, service) => {
    const mentioned = [...JSON.stringify(service).matchAll(/\/run\/secrets\/(\w+)/g)].map(([, name = '']) => name);
    expect([...new Set(mentioned)].sort()).toEqual([...(service.secrets ?? [])].sort());
    for (const name of mentioned) {
      expect(compose.secrets[name]).toEqual({ file: `secrets/${name}` });
      expect(readProjectFile('scripts/secrets.ts')).toContain(`${name}:`);
    }
  });

  it('lets each service reach what it needs, and the databases nothing but their clients', () => {
    const membersOf = (network: string) =>
      services
        .filter(([, { networks }]) => (Array.isArray(networks) ? networks : Object.keys(networks)).includes(network))
        .map(([name]) => name)
        .sort();
    expect(Object.keys(compose.networks).sort()).toEqual(['mail-store', 'outside', 'temporal', 'temporal-store']);
    expect(membersOf('mail-store')).toEqual(['api', 'migrate', 'postgres', 'worker']);
    expect(membersOf('temporal-store')).toEqual(['temporal', 'temporal-postgres', 'temporal-schema']);
    expect(membersOf('temporal')).toEqual(['api', 'temporal', 'temporal-namespace', 'temporal-ui', 'worker']);
    expect(membersOf('outside')).toEqual(['api', 'simulator', 'temporal-ui', 'worker']);
    for (const name of ['mail-store', 'temporal-store', 'temporal']) {
      expect(compose.networks[name]).toEqual({ internal: true });
    }
  });

  it.each(ours)('cannot change its own files: %s', (_, service) => {
    expect(service).toMatchObject({ read_only: true, tmpfs: ['/tmp'] });
    expect(service.cap_add).toBeUndefined();
  });

  it('gives each process only its own secrets', () => {
    const secretsOf = (name: string) => [...(service(name).secrets ?? [])].sort();
    expect(secretsOf('api')).toEqual(['encryption_keys', 'oidc_client_secret', 'runtime_database_url']);
    expect(secretsOf('worker')).toEqual(['audit_stream_headers', 'encryption_keys', 'runtime_database_url']);
    expect(secretsOf('migrate')).toEqual(['database_url', 'runtime_database_url']);
    for (const name of ['simulator', 'temporal-ui', 'temporal-namespace']) expect(secretsOf(name)).toEqual([]);
    expect(JSON.stringify([service('worker').environment, service('migrate').environment])).not.toContain('OIDC');
  });

  it('lets only the migration connect as the role that owns the schema, and makes the other one by it', () => {
    for (const name of ['api', 'worker']) {
      expect(service(name).environment?.DATABASE_URL_FILE).toBe('/run/secrets/runtime_database_url');
      expect(service(name).depends_on?.migrate).toEqual({ condition: 'service_completed_successfully' });
    }
    expect(service('migrate').environment).toEqual({
      DATABASE_URL_FILE: '/run/secrets/database_url',
      RUNTIME_DATABASE_URL_FILE: '/run/secrets/runtime_database_url',
    });
    expect(service('temporal-ui').environment?.TEMPORAL_DISABLE_WRITE_ACTIONS).toMatch(/:-true\}$/);
  });

  it('runs as production, but for the demonstration: with production the simulator does not start', () => {
    for (const name of ['api', 'worker']) {
      expect(service(name).environment?.NODE_ENV).toMatch(/^\$\{NODE_ENV:-production\}$/);
    }
    expect(readProjectFile('deploy/demo.env')).toMatch(/^NODE_ENV=(?!production)\w+$/m);
  });

  it('has every file that it mounts', () => {
    for (const { file } of Object.values(compose.configs))
      expect(existsSync(join(projectFolder, file)), file).toBe(true);
    for (const [, { configs = [] }] of services) {
      for (const { source } of configs) expect(Object.keys(compose.configs)).toContain(source);
    }
  });

  it('waits for health where a service has a check, and for success where it ends by itself', () => {
    for (const [name, { depends_on = {} }] of services) {
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        const { healthcheck } = service(needed);
        expect(condition, `${name} → ${needed}`).toBe(
          healthcheck ? 'service_healthy' : 'service_completed_successfully',
        );
      }
    }
  });

  it('keeps what is stored out of the log of PostgreSQL', () => {
    expect(service('postgres').command).toContain('log_error_verbosity=terse');
  });

  it('lets the worker scale, and end by itself', () => {
    expect(service('worker')).toMatchObject({ stop_grace_period: '30s' });
    expect(service('worker')).not.toHaveProperty('container_name');
    expect(service('worker')).not.toHaveProperty('ports');
  });

  it('starts the simulator only when it is asked for', () => {
    expect(services.filter(([, { profiles }]) => profiles).map(([name]) => name)).toEqual(['simulator']);
  });

  it('registers the search attributes that workflows set', () => {
    expect(service('temporal-namespace').environment?.SEARCH_ATTRIBUTES).toBe(
      Object.entries(searchAttributeTypes)
        .map(([name, type]) => `${name}=${type}`)
        .join(' '),
    );
  });
});

describe('deploy/*.env', () => {
  it.each(['deploy/demo.env', 'deploy/example.env'])(
    'sets only variables that docker-compose.yml passes on: %s',
    (file) => {
      const names = [...readProjectFile(file).matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect(text).toContain(`\${${name}:-`);
    },
  );

  it('knows the organisation of the simulator', () => {
    const demo = readProjectFile('deploy/demo.env');
    expect(demo).toContain(`/${DEFAULT_TENANT_ID}/v2.0`);
    expect(demo).toContain(`OIDC_CLIENT_ID=${SSO_CLIENT_ID}`);
    expect(demo).toContain(`FIRST_ADMINISTRATOR=${DEFAULT_ADMINISTRATOR}`);
  });
});

describe('Dockerfile', () => {
  it('copies only folders that exist and that .dockerignore lets through', () => {
    const ignore = readProjectFile('.dockerignore').split('\n');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    expect(copied.length).toBeGreaterThan(10);
    for (const name of copied) {
      expect(existsSync(join(projectFolder, name)), name).toBe(true);
      expect(ignore).toContain(`!${name}`);
    }
  });

  it('copies every folder that its programs import', () => {
    const [, image = ''] = dockerfile.split(/^FROM .* AS mailroom$/m);
    const needed = new Set(['api', 'database', 'worker']);
    for (const folder of needed) {
      for (const file of globSync('**/*.ts', { cwd: join(projectFolder, folder) })) {
        const source = readProjectFile(join(folder, file));
        // Types are gone when Node runs it.
        for (const [, path = ''] of source.matchAll(/^(?:import|export) (?!type )[^;]*? from '(\.[^']+)';$/gm)) {
          needed.add(normalize(join(folder, dirname(file), path)).split('/')[0] ?? '');
        }
      }
    }
    expect(needed.size).toBeGreaterThan(10);
    for (const folder of needed) expect(image).toMatch(new RegExp(`^COPY ${folder} ${folder}$`, 'm'));
  });

  it('does not run as root', () => {
    const stages = dockerfile.split(/^FROM /m).slice(1);
    for (const stage of stages.filter((stage) => stage.includes('CMD'))) expect(stage).toMatch(/^USER node$/m);
  });
});
