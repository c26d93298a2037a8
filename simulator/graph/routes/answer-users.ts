import type { DirectoryUser } from '../../entra/contract.ts';
import { findUserByKey } from '../find-user-by-key.ts';
import type { GraphAnswer, GraphCall, GraphContext } from '../graph-context.ts';
import { badRequest, GraphError, unknownProperty } from '../graph-error.ts';

const READS_EVERYBODY = ['User.ReadBasic.All', 'User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'];
const READS_ONESELF = [...READS_EVERYBODY, 'User.Read', 'User.ReadWrite'];

const DEFAULT_PROPERTIES = [
  ...['businessPhones', 'displayName', 'givenName', 'jobTitle', 'mail', 'mobilePhone', 'officeLocation'],
  ...['preferredLanguage', 'surname', 'userPrincipalName', 'id'],
];

/** `GET /me` and `GET /users/{id}`: these read the directory, not the mailbox, so mail permissions do not apply. */
export function answerUser({ directory }: GraphContext, call: GraphCall): GraphAnswer {
  const { claims, path } = call;
  const permissions = claims.roles ?? claims.scopes;
  if (path.userKey === undefined && claims.roles) {
    throw badRequest('/me request is only valid with delegated authentication flow.');
  }
  const user = findUserByKey(directory, path.userKey ?? claims.oid);
  const isOneself = user !== undefined && user.oid === claims.oid;
  const needed = isOneself ? READS_ONESELF : READS_EVERYBODY;
  if (!needed.some((name) => permissions.includes(name))) {
    const message = 'Insufficient privileges to complete the operation.';
    throw new GraphError(403, 'Authorization_RequestDenied', message);
  }
  if (!user || user.tenantId !== claims.tenantId) {
    const message = `Resource '${path.userKey}' does not exist or one of its queried reference-property objects are not present.`;
    throw new GraphError(404, 'Request_ResourceNotFound', message);
  }
  const all = describeUser(user);
  const names = call.query.select ?? DEFAULT_PROPERTIES;
  const selected = names.map((name) => {
    const property = Object.keys(all).find((each) => each.toLowerCase() === name.toLowerCase());
    if (!property) throw unknownProperty(name, 'microsoft.graph.user');
    return [property, all[property]] as const;
  });
  const suffix = call.query.select ? `(${call.query.select.join(',')})` : '';
  const context = `${call.base}/$metadata#users${suffix}/$entity`;
  return { status: 200, body: { '@odata.context': context, ...Object.fromEntries(selected) } };
}

function describeUser(user: DirectoryUser): Record<string, unknown> {
  const [givenName = null, ...others] = user.displayName.split(' ');
  return {
    businessPhones: [],
    displayName: user.displayName,
    givenName,
    jobTitle: null,
    mail: user.address,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: others.join(' ') || null,
    userPrincipalName: user.userPrincipalName,
    id: user.oid,
    accountEnabled: user.enabled,
    mailNickname: user.address.split('@')[0],
    userType: 'Member',
    otherMails: [],
    proxyAddresses: [`SMTP:${user.address}`, ...user.aliases.map((alias) => `smtp:${alias}`)],
  };
}
