import { GROUP_SCHEMA, groupAttributes, USER_SCHEMA, userAttributes } from './attributes.ts';
import { SCIM_PATH } from './error-body.ts';
import { MOST_RESULTS } from './queries.ts';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0';

/** What of SCIM Mailroom does: RFC 7643, section 5. */
export function providerConfig(publicUrl: string) {
  return {
    schemas: [`${CORE}:ServiceProviderConfig`],
    documentationUri: 'https://datatracker.ietf.org/doc/html/rfc7644',
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: MOST_RESULTS },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Key for provisioning',
        description: 'The key is made by an administrator of Mailroom, and sent as a bearer token.',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${publicUrl}${SCIM_PATH}/ServiceProviderConfig` },
  };
}

/** RFC 7643, section 6. */
export function resourceTypes(publicUrl: string) {
  return [
    { id: 'User', endpoint: '/Users', schema: USER_SCHEMA, description: 'People who may sign in to Mailroom.' },
    { id: 'Group', endpoint: '/Groups', schema: GROUP_SCHEMA, description: 'Groups that fill teams of Mailroom.' },
  ].map(({ id, ...type }) => ({
    schemas: [`${CORE}:ResourceType`],
    id,
    name: id,
    ...type,
    meta: { resourceType: 'ResourceType', location: `${publicUrl}${SCIM_PATH}/ResourceTypes/${id}` },
  }));
}

/** RFC 7643, section 7. */
export function schemas(publicUrl: string) {
  return [
    { id: USER_SCHEMA, name: 'User', description: 'A person who may sign in.', attributes: userAttributes },
    { id: GROUP_SCHEMA, name: 'Group', description: 'A group of people.', attributes: groupAttributes },
  ].map((schema) => ({
    schemas: [`${CORE}:Schema`],
    ...schema,
    meta: { resourceType: 'Schema', location: `${publicUrl}${SCIM_PATH}/Schemas/${schema.id}` },
  }));
}
