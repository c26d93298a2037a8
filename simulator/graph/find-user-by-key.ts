import type { Directory, DirectoryUser } from '../entra/contract.ts';
import { foldName } from '../entra/fold-name.ts';

/**
 * The user of `/users/{key}`. The key is the object id or the user principal name; an alias, or a primary address that
 * differs from it, finds no user (microsoft-graph-docs#3979, #4978).
 */
export function findUserByKey(directory: Directory, key: string): DirectoryUser | undefined {
  const user = directory.findUser(key);
  const given = foldName(key.trim());
  return user && (given === user.oid || given === foldName(user.userPrincipalName)) ? user : undefined;
}
