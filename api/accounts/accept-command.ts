import { createHash, randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import {
  type AcceptedCommand,
  acceptCommand,
  type CommandName,
  forgetCommands,
} from '../../database/accounts/account-commands.ts';
import { noteTakenBack } from '../../database/write-outcome.ts';
import { Failure } from '../../domain/failure.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';

/** A command as it goes to the workflow: who gave it, its id, and its place in the order of commands. */
export interface NumberedCommand {
  readonly actor: string;
  readonly id: string;
  readonly number: number;
}

export interface CommandToGive {
  readonly accountId: string;
  readonly name: CommandName;
  /** What else makes it another command, under the same `requestId`. */
  readonly mode?: string | undefined;
  /** By which its sender repeats it. */
  readonly requestId?: string | undefined;
}

/**
 * Accepts a command: gives it its id and its place in the order of commands. The order is that of acceptance, whenever and by
 * whichever worker they are carried out. Throws when its sender has gone: a request that lay before a process that stood
 * still is older than what its sender did since.
 */
export async function acceptCommandOf(
  { db }: Pick<ApiDependencies, 'db'>,
  request: FastifyRequest,
  { accountId, name, mode, requestId }: CommandToGive,
): Promise<NumberedCommand & AcceptedCommand> {
  const { actor } = principalOf(request);
  if (request.raw.socket.destroyed) throw new Failure('Unavailable', 'The sender of the command has gone');
  const id = requestId === undefined ? randomUUID() : commandId([actor, accountId, name, mode ?? '', requestId]);
  try {
    const accepted = await acceptCommand(db, { id, accountId, name });
    if (accepted.attempts === 1 && accepted.number % FORGET_AT_EACH === 0) await forgetCommands(db);
    return { actor, id, ...accepted };
  } finally {
    // An accepted command has changed nothing yet.
    noteTakenBack();
  }
}

/** Old commands cost room, not time: they are deleted now and then. */
const FORGET_AT_EACH = 100;

/** The same id for the same command of the same sender, and for nothing else. A UUID of version 8 (RFC 9562). */
export function commandId(parts: readonly string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
