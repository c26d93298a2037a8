import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../embedded/stack-folder.ts';

export interface RealMail {
  readonly name: string;
  readonly mime: Uint8Array;
}

/** The 250 real messages that come with the project (test/mail/SOURCES.md says from where), by name. */
export function readRealMail(): readonly RealMail[] {
  const folder = join(projectFolder, 'test', 'mail');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .map((name) => ({ name, mime: readFileSync(join(folder, name)) }));
}

/** Delivers a raw message to a simulated mailbox; the id that it has there. */
export async function deliver(
  simulatorUrl: string,
  address: string,
  mime: Uint8Array,
): Promise<{ readonly immutableId: string }> {
  const response = await fetch(`${simulatorUrl}/control/mailboxes/${encodeURIComponent(address)}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body: new Uint8Array(mime),
  });
  if (response.status !== 201) throw new Error(`The simulator refused a message: ${await response.text()}`);
  return (await response.json()) as { immutableId: string };
}
