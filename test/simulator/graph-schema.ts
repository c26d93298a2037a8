import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const folder = new URL('./graph-reference/', import.meta.url);
const schema = JSON.parse(readFileSync(new URL('mail-types.schema.json', folder), 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(schema, 'mail-types');

/** A recorded body. */
export function readSample(name: string) {
  return JSON.parse(readFileSync(new URL(`samples/${name}`, folder), 'utf8'));
}

type Body = Record<string, unknown>;

/** What is wrong with a body by Microsoft's own metadata; empty where nothing is. */
export function schemaProblems(type: string, body: unknown): string[] {
  const validate = ajv.getSchema(`mail-types#/$defs/${type}`);
  if (!validate) throw new Error(`The schema has no ${type}`);
  return validate(body)
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}

/** The problems of a message or attachment, each by the type that it says it has. */
export function messageProblems(message: Body): string[] {
  const { attachments = [], item, ...own } = message;
  const type = String(message['@odata.type'] ?? '#microsoft.graph.message').replace('#microsoft.graph.', '');
  return [
    ...schemaProblems(type, own),
    ...(attachments as Body[]).flatMap(messageProblems),
    ...(item ? messageProblems(item as Body) : []),
  ];
}
