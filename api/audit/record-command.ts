import { type ActUnderWay, actUnderWay, runAct } from '../../database/audit/act.ts';
import { addAuditEntry } from '../../database/audit/add-entry.ts';
import type { Database } from '../../database/database.ts';
import { CommandProblem } from '../commands/command-problem.ts';

/** Runs a command of the command line as an act: with what it changes, or that it changed nothing or was refused. */
export async function recordCommand(
  db: Database,
  { actor, command }: { readonly actor: string; readonly command: string },
  work: () => Promise<void>,
): Promise<void> {
  const act = { act: 'command.run', actor, objectKind: 'command', objectId: command };
  const underWay: ActUnderWay = { act, isRecorded: false };
  try {
    await runAct(underWay, work);
  } catch (error) {
    if (error instanceof CommandProblem && !underWay.isRecorded) await addAuditEntry(db, act, 'refused');
    throw error;
  }
  if (!underWay.isRecorded) await addAuditEntry(db, act, 'unchanged');
}

/** Records that the command shows mail, before it does. */
export async function recordReading(db: Database): Promise<void> {
  const underWay = actUnderWay();
  if (!underWay?.act) return;
  await addAuditEntry(db, underWay.act, 'done');
  underWay.isRecorded = true;
}
