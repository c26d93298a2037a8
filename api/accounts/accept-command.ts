import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import {
  type AcceptedCommand,
  acceptCommand,
  type CommandName,
  forgetCommands,
} from '../../database/accounts/account-commands.ts';
import { noteTakenBack } from '../../database/write-outcome.ts';
import { Failure, isFailure } from '../../domain/failure.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';

/** A command as it is sent to the workflow: its actor, id, and place in the order of commands. */
export interface NumberedCommand {
  readonly actor: string;
  readonly id: string;
  readonly number: number;
}

export interface CommandToGive {
  readonly accountId: string;
  readonly name: CommandName;
  /** Makes it a different command under the same `requestId`. */
  readonly mode?: string | undefined;
  /** Lets the sender repeat the command. */
  readonly requestId?: string | undefined;
}

/**
 * Accepts a command: assigns its id and its place in the order of commands. The order is that of acceptance, no matter
 * when and by which worker the commands are carried out. Throws when the sender has disconnected: a request that waited
 * in front of a stopped process is older than what its sender has done since.
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
    // An accepted command has not changed anything yet.
    noteTakenBack();
  }
}

/**
 * Gives a command to the workflow. Where its answer is lost (the workflow was ended, a worker or Temporal went away),
 * `find` reads the outcome from the row; the failure is thrown only when the row has none either, or cannot be read
 * soon: what hinders the command may be a database that stands still.
 */
export async function giveCommand<Answer>(
  give: () => Promise<Answer>,
  find: () => Promise<Answer | undefined>,
): Promise<Answer> {
  try {
    return await give();
  } catch (error) {
    if (!isFailure(error) || !error.isUnclear) throw error;
    const tooLate = sleep(FOUND_WITHIN_MS, undefined, { ref: false });
    const found = await Promise.race([find().catch(() => undefined), tooLate]);
    if (found === undefined) throw error;
    return found;
  }
}

const FOUND_WITHIN_MS = 1_500;

/** Old commands cost space, not time, so they are only deleted now and then. */
const FORGET_AT_EACH = 100;

/** The same id for the same command of the same sender only. A UUID of version 8 (RFC 9562). */
export function commandId(parts: readonly string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
