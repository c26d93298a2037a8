/** An attribute as RFC 7643, section 7, describes it: what `/Schemas` answers, and what bodies and paths are read by. */
export interface Attribute {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'complex' | 'reference';
  readonly description: string;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readWrite' | 'readOnly' | 'immutable';
  readonly returned: 'default' | 'always';
  readonly uniqueness: 'none' | 'server';
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
}

const usual = {
  type: 'string',
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
} as const;

type Special = Partial<Omit<Attribute, 'name' | 'description'>>;
const attribute = (name: string, description: string, special: Special = {}): Attribute => ({
  name,
  description,
  ...usual,
  ...special,
});

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** Of every resource. `id`, `meta` and `schemas` are Mailroom's own. */
export const commonAttributes: readonly Attribute[] = [
  attribute('externalId', 'The name of the resource at the provider.', { caseExact: true, uniqueness: 'server' }),
  attribute('id', 'The name of the resource in Mailroom.', { mutability: 'readOnly', returned: 'always' }),
  attribute('meta', 'About the resource.', { type: 'complex', mutability: 'readOnly', subAttributes: [] }),
  attribute('schemas', 'The schemas of the resource.', {
    multiValued: true,
    mutability: 'readOnly',
    returned: 'always',
  }),
];

export const userAttributes: readonly Attribute[] = [
  attribute('userName', 'By what the person signs in at the provider. Its e-mail address, if it is one.', {
    required: true,
    uniqueness: 'server',
  }),
  attribute('displayName', 'The name that colleagues see.'),
  attribute('name', 'The parts of the name.', {
    type: 'complex',
    subAttributes: [
      attribute('formatted', 'The whole name.'),
      attribute('familyName', 'The family name.'),
      attribute('givenName', 'The given name.'),
    ],
  }),
  attribute('emails', 'E-mail addresses. One of them names the person in Mailroom if userName is none.', {
    type: 'complex',
    multiValued: true,
    subAttributes: [
      attribute('value', 'The address.'),
      attribute('type', 'What it is for, such as work.'),
      attribute('primary', 'True for one of them.', { type: 'boolean' }),
    ],
  }),
  attribute('active', 'False: the person cannot sign in, and is signed out at once.', { type: 'boolean' }),
  attribute('groups', 'The groups of the person.', {
    type: 'complex',
    multiValued: true,
    mutability: 'readOnly',
    subAttributes: [
      attribute('value', 'The id of the group.', { mutability: 'readOnly' }),
      attribute('display', 'The name of the group.', { mutability: 'readOnly' }),
    ],
  }),
];

export const groupAttributes: readonly Attribute[] = [
  attribute('displayName', 'The name of the group.', { required: true, uniqueness: 'server' }),
  attribute('members', 'The people of the group. Groups within groups are not taken.', {
    type: 'complex',
    multiValued: true,
    subAttributes: [attribute('value', 'The id of the person.', { mutability: 'immutable', caseExact: true })],
  }),
];

/** What a resource is read by: its schema and all that it may have. */
export interface ResourceSchema {
  readonly id: string;
  readonly attributes: readonly Attribute[];
}
export const userSchema: ResourceSchema = { id: USER_SCHEMA, attributes: [...commonAttributes, ...userAttributes] };
export const groupSchema: ResourceSchema = { id: GROUP_SCHEMA, attributes: [...commonAttributes, ...groupAttributes] };

/** Names of attributes are compared without their case (RFC 7643, section 2.1). */
export function findAttribute(attributes: readonly Attribute[] = [], name: string): Attribute | undefined {
  const folded = name.toLowerCase();
  return attributes.find((each) => each.name.toLowerCase() === folded);
}
