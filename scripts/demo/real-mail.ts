import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../embedded/stack-folder.ts';

export interface RealMail {
  readonly name: string;
  readonly mime: Uint8Array;
  /** Whether an earlier message has the same Message-ID: some are one mail in two encodings. */
  readonly repeatsMessageId: boolean;
}

/** The project's 250 real messages by name (sources: test/mail/SOURCES.md). */
export function readRealMail(): readonly RealMail[] {
  const folder = join(projectFolder, 'test', 'mail');
  const seen = new Set<string>();
  return readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .map((name) => {
      const mime = readFileSync(join(folder, name));
      const [, messageId] = /^message-id:\s*(<[^>]+>)/im.exec(mime.toString('latin1')) ?? [];
      const repeatsMessageId = messageId !== undefined && seen.has(messageId);
      if (messageId !== undefined) seen.add(messageId);
      return { name, mime, repeatsMessageId };
    });
}

/**
 * Delivers a raw message to a simulated mailbox; returns its id there. A repeated Message-ID is received a second
 * later: within the same second, Mailroom would rightly treat it as the same mail.
 */
export async function deliver(
  simulatorUrl: string,
  address: string,
  { mime, repeatsMessageId }: Pick<RealMail, 'mime' | 'repeatsMessageId'>,
): Promise<{ readonly immutableId: string }> {
  const later = new Date(Date.now() + 1_000).toISOString();
  const query = repeatsMessageId ? `?receivedDateTime=${later}` : '';
  const response = await fetch(`${simulatorUrl}/control/mailboxes/${encodeURIComponent(address)}/messages${query}`, {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body: new Uint8Array(mime),
  });
  if (response.status !== 201) throw new Error(`The simulator refused a message: ${await response.text()}`);
  return (await response.json()) as { immutableId: string };
}
