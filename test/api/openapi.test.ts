import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../domain/failure.ts';
import type { Mailboxes } from '../../temporal/mailboxes.ts';
import { anAccount, aQueue } from '../support/builders.ts';
import { type Call, startTestApi, type TestApi } from './test-api.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Schema = Record<string, Json>;
interface Content {
  readonly [mediaType: string]: { readonly schema: Json };
}
interface Operation {
  readonly requestBody?: { readonly content: Content };
  readonly responses: Record<string, { readonly content?: Content }>;
}

const methods = ['get', 'put', 'post', 'patch', 'delete'] as const;
let api: TestApi;
let document: {
  openapi: string;
  info: object;
  paths: Record<string, Record<string, Operation>>;
  [key: string]: unknown;
};
let ajv: Ajv2020;

beforeAll(async () => {
  api = await startTestApi({ mailboxes });
  document = (await api.call('GET', '/openapi.json', { key: null })).json;
  ajv = new Ajv2020({ strict: false, validateSchema: false });
  // CommonJS: the function itself is its export.
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addFormat('base64', true);
  ajv.addSchema(document, 'document');
});
afterAll(() => api.stop());

const compiled = new Map<string, ValidateFunction>();

/** Compiles a schema of the document, wherever in it. Most stand in many places. */
function compile(schema: Json): ValidateFunction {
  const inDocument = JSON.stringify(schema).replaceAll('"#/', '"document#/');
  const known = compiled.get(inDocument) ?? ajv.compile(JSON.parse(inDocument));
  compiled.set(inDocument, known);
  return known;
}

function* schemasIn(value: Json, path: string): Generator<[string, Record<string, Json>]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value) && isSchema(value)) yield [path, value];
  for (const [key, inner] of Object.entries(value)) {
    if (key !== 'examples') yield* schemasIn(inner, `${path}/${key}`);
  }
}

/** A property may be named `type`, too; then it holds a schema, and not a word. */
function isSchema({ type, anyOf, oneOf }: Record<string, Json>): boolean {
  return typeof type === 'string' || [type, anyOf, oneOf].some(Array.isArray);
}

/** Temporal is away, and says so at once. */
const unavailable = async (): Promise<never> => {
  throw new Failure('Unavailable', 'The Temporal server does not answer', { reason: 'temporal-down' });
};
const mailboxes: Mailboxes = {
  start: unavailable,
  awaitSignIn: unavailable,
  authenticate: unavailable,
  pause: unavailable,
  resume: unavailable,
  remove: unavailable,
  countMissed: unavailable,
  wake: unavailable,
};

const operations = () =>
  Object.entries(document.paths).flatMap(([url, item]) =>
    methods.flatMap((method): [string, string, Operation][] =>
      item[method] ? [[method.toUpperCase(), url, item[method]]] : [],
    ),
  );

describe('the OpenAPI document', () => {
  it('is one of OpenAPI 3.1, in which every reference leads somewhere and every example fits its schema', () => {
    expect(document.openapi).toBe('3.1.0');
    let examples = 0;
    for (const [path, schema] of schemasIn(document as Json, '')) {
      if (path.startsWith('/components/securitySchemes') || path.startsWith('/info')) continue;
      const fits = compile(schema);
      for (const example of (schema.examples as Json[] | undefined) ?? []) {
        examples += 1;
        expect([path, example, fits(example), fits.errors]).toEqual([path, example, true, null]);
      }
    }
    expect(examples).toBeGreaterThan(40);
  });

  it('names every schema once, and no schema that nothing uses', () => {
    const { schemas } = document.components as { schemas: Record<string, Json> };
    const text = JSON.stringify(document);
    for (const name of Object.keys(schemas)) expect(text).toContain(`"#/components/schemas/${name}"`);
    expect(schemas).toMatchObject({ Account: {}, Item: {}, Problem: {}, NewAccount: { additionalProperties: false } });
  });
});

describe('every client that a generator makes of the document', () => {
  const pascal = (name: string) => name.replace(/(?:^|[-_])(\w)/g, (_, letter: string) => letter.toUpperCase());
  /** The object that is written where it is used, also where it may be null or is one of a list. */
  const inlineObject = ({ type, properties, anyOf, items }: Schema): boolean =>
    (type === 'object' && properties !== undefined) ||
    ((anyOf as Schema[] | undefined) ?? []).some(inlineObject) ||
    (items !== undefined && inlineObject(items as Schema));

  it('has no two types of one name: what has no name gets that of its place', () => {
    const { schemas } = document.components as unknown as { schemas: Record<string, Schema> };
    const ofPlaces = Object.entries(schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties as Record<string, Schema>)
        .filter(([, schema]) => inlineObject(schema))
        .map(([property]) => `${name}${pascal(property)}`),
    );
    expect(ofPlaces.length).toBeGreaterThan(10);
    expect(ofPlaces.filter((name) => name in schemas)).toEqual([]);
  });

  it('reads what may be null and words that may be any', () => {
    const isText = ({ type, ...rest }: Schema) => type === 'string' && Object.keys(rest).length === 0;
    const stumbles = Array.from(schemasIn(document as Json, '')).filter(([, { type, anyOf }]) => {
      if (Array.isArray(type) && type.filter((each) => each !== 'null').length > 1) return true;
      const all = (anyOf as Schema[] | undefined) ?? [];
      const mayBeNull = all.length === 2 && all.some((each) => each.type === 'null');
      const isAnyWord = all.some(isText) && (mayBeNull || all.some((each) => 'enum' in each));
      return isAnyWord || (mayBeNull && all.some((each) => each.type === 'array'));
    });
    expect(stumbles.map(([path]) => path)).toEqual([]);
  });

  it('compiles: alternatives are objects, or one thing that may be null, and no boolean has a value of its own', () => {
    const isObject = (schema: Schema) => schema.type === 'object' || '$ref' in schema;
    const stumbles = Array.from(schemasIn(document as Json, '')).filter(([, { type, anyOf, oneOf, ...rest }]) => {
      if (type === 'boolean') return 'const' in rest || 'enum' in rest;
      const all = ((anyOf ?? oneOf ?? []) as Schema[]).filter((each) => each.type !== 'null');
      return all.length > 1 && !all.every(isObject);
    });
    expect(stumbles.map(([path]) => path)).toEqual([]);
    expect(document.components).toMatchObject({
      schemas: { Problem: { properties: { facts: { type: 'object', additionalProperties: {} } } } },
    });
  });
});

describe('alternatives', () => {
  it('have names and words by which they are told apart, so that clients read the right one', () => {
    const { schemas } = document.components as { schemas: Record<string, Schema> };
    const wordsOf = (reference: Json | undefined, property: string) => {
      const { properties = {} } = schemas[String(reference).replace('#/components/schemas/', '')] ?? {};
      const { const: only = null, enum: several = [only] } = (properties as Record<string, Schema>)[property] ?? {};
      return several as Json[];
    };
    const unions = Array.from(schemasIn(document as Json, '')).filter(
      ([, { anyOf, oneOf }]) => ((anyOf ?? oneOf ?? []) as Schema[]).filter(({ type }) => type !== 'null').length > 1,
    );
    const untold = unions.filter(([, { oneOf, discriminator }]) => {
      if (!discriminator) return true;
      const { propertyName, mapping } = discriminator as { propertyName: string; mapping: Record<string, string> };
      const words = (oneOf as Schema[]).flatMap(({ $ref }) => wordsOf($ref, propertyName).map((word) => [word, $ref]));
      expect(Object.entries(mapping)).toEqual(words);
      return false;
    });
    expect(unions.length - untold.length).toBeGreaterThan(4);
    // By a boolean, to which OpenAPI cannot map.
    expect(untold.map(([path]) => path)).toEqual([
      expect.stringContaining('/api/v1/email/accounts/remove/post/responses/200/'),
    ]);
  });
});

describe('every operation', () => {
  const unknownId = '01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11';
  const isJson = { 'content-type': 'application/json' };

  it('answers with statuses, types and bodies that its description names, however it is asked', async () => {
    const queueId = await aQueue(api.db);
    const accountId = await anAccount(api.db, { defaultQueueId: queueId, enabled: false });
    const known: Record<string, string> = { queues: queueId, accounts: accountId };
    const validators = new Map<string, ValidateFunction>();
    const seen = new Map<string, Set<number>>();

    for (const [method, url, { responses }] of operations()) {
      // Its answer never ends; Microsoft is away, and the check waits for it.
      if (url === '/api/v1/changes' || url.endsWith('/settings/check')) continue;
      const real = url.replace(/\/(\w+)\/\{\w+\}/g, (_, name: string) => `/${name}/${known[name] ?? unknownId}`);
      const withBody =
        method === 'GET'
          ? []
          : [
              { body: '{', headers: isJson },
              { body: 'x', headers: { 'content-type': 'text/plain' } },
              { body: '{"a":1,"a":2}', headers: isJson },
              { body: 'null', headers: isJson },
              { body: '[]', headers: isJson },
              ...(url === '/api/v1/queues' ? [{ body: `"${'x'.repeat(1_100_000)}"`, headers: isJson }] : []),
            ];
      const asks: [string, Call][] = [
        [real, {}],
        [real, { key: null }],
        [real, { key: 'wrong' }],
        [real, { key: api.apiKeys.Agent }],
        [real, { headers: { accept: 'text/html' } }],
        [`${real}?before=0&page=0&pageSize=0&limit=0&unknown=1&state=x&error=x&iss=x&returnTo=x`, {}],
        [`${real}?returnTo=a&returnTo=b&state=a&state=b&validationToken=`, {}],
        [url.replace(/\{\w+\}/g, 'no-id'), {}],
        [url.replace(/\{\w+\}/g, unknownId), {}],
        ...withBody.map((ask): [string, Call] => [real, ask]),
      ];
      for (const [path, ask] of asks) {
        const { status, json, headers, text } = await api.call(method, path, ask);
        const name = `${method} ${url} ${status}`;
        const declared = responses[String(status)];
        expect([name, declared !== undefined, text.slice(0, 200)]).toEqual([name, true, text.slice(0, 200)]);
        seen.set(name, (seen.get(name) ?? new Set()).add(status));
        const [mediaType = ''] = String(headers['content-type'] ?? '').split(';');
        if (text === '') continue;
        expect([name, mediaType, Object.keys(declared?.content ?? {})]).toEqual([
          name,
          mediaType,
          expect.arrayContaining([mediaType]),
        ]);
        if (json === undefined) continue;
        const fits = validators.get(`${name} ${mediaType}`) ?? compile(declared?.content?.[mediaType]?.schema ?? {});
        validators.set(`${name} ${mediaType}`, fits);
        expect([name, fits(json), fits.errors]).toEqual([name, true, null]);
      }
    }
    expect(seen.size).toBeGreaterThan(120);
  }, 120_000);

  it('says whether its body may be left out, and tells how small a number may be', () => {
    const bodyOf = (path: string) =>
      (document.paths[path]?.post?.requestBody as { required?: boolean } | undefined)?.required;
    expect(bodyOf('/api/v1/queues/{id}/claim')).toBe(false);
    expect(bodyOf('/api/v1/items/{id}/complete')).toBe(false);
    expect(bodyOf('/api/v1/queues')).toBe(true);
    const bodies = operations().map(([, , { requestBody }]) => JSON.stringify(requestBody ?? {}));
    expect(bodies.filter((body) => /"schema":\{"anyOf":[^\]]*"type":"null"/.test(body))).toEqual([]);
    const events = JSON.stringify(document.paths['/api/v1/email/accounts/{id}/events']);
    const { get } = JSON.parse(events) as { get: { parameters: { name: string; schema: object }[] } };
    expect(get.parameters.find(({ name }) => name === 'before')?.schema).toMatchObject({ minimum: 1 });
  });
});

describe('whatever is sent', () => {
  /** Values that break things elsewhere, beside whatever fast-check thinks of. */
  const nasty = fc.constantFrom<Json>(
    '\0',
    '\uD800',
    '%',
    "'",
    '{{7*7}}',
    '../..',
    1e308,
    -0,
    2 ** 53,
    '١',
    [[[]]],
    {},
  );
  const anything = fc.oneof(
    { depthIdentifier: 'json' },
    fc.jsonValue().map((value) => value as Json),
    nasty,
  );

  it('is answered as the document says, and never by an error of ours', async () => {
    const queueId = await aQueue(api.db);
    const accountId = await anAccount(api.db, { defaultQueueId: queueId, enabled: false });
    const known: Record<string, string> = { queues: queueId, accounts: accountId };
    const validators = new Map<string, ValidateFunction>();

    for (const [method, url, { requestBody, responses }] of operations()) {
      const schema = requestBody?.content['application/json']?.schema;
      // Microsoft is away, too, and the check waits for it.
      if (!schema || url.endsWith('/settings/check')) continue;
      const path = url.replace(/\/(\w+)\/\{\w+\}/g, (_, name: string) => `/${name}/${known[name] ?? accountId}`);
      const example = exampleOf(schema);
      await fc.assert(
        fc.asyncProperty(bodyLike(example, anything), async (body) => {
          const { status, json, text } = await api.call(method, path, {
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
          });
          expect([method, url, status, text]).not.toEqual([method, url, 500, text]);
          expect([method, url, Object.keys(responses)]).toEqual([
            method,
            url,
            expect.arrayContaining([String(status)]),
          ]);
          const content = responses[String(status)]?.content ?? {};
          const declared =
            content['application/problem+json'] && status >= 400
              ? content['application/problem+json']
              : content['application/json'];
          if (!declared) return;
          const name = `${method} ${url} ${status}`;
          const fits = validators.get(name) ?? compile(declared.schema);
          validators.set(name, fits);
          expect([name, fits(json), fits.errors]).toEqual([name, true, null]);
        }),
        { numRuns: 25 },
      );
    }
    expect(validators.size).toBeGreaterThan(15);
  });

  function exampleOf(schema: Json): Record<string, Json> {
    const text = JSON.stringify(schema);
    const [, name] = /"#\/components\/schemas\/(\w+)"/.exec(text) ?? [];
    const { schemas } = document.components as { schemas: Record<string, { examples?: Record<string, Json>[] }> };
    const inline = (schema as { examples?: Record<string, Json>[] }).examples?.[0];
    return inline ?? (name === undefined ? undefined : schemas[name]?.examples?.[0]) ?? {};
  }

  /** A good body in which one thing is something else, or one more is there; or no such body at all. */
  function bodyLike(example: Record<string, Json>, value: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
    const names = Object.keys(example);
    const replaced = fc
      .tuple(names.length > 0 ? fc.constantFrom(...names) : fc.constant('x'), value)
      .map(([name, other]): Json => ({ ...example, [name]: other }));
    const more = fc.tuple(fc.string(), value).map(([name, other]): Json => ({ ...example, [name]: other }));
    return fc.oneof(replaced, more, value, fc.constant<Json>(example));
  }
});
