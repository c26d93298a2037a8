import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSimulatorDatabase } from '../../simulator/database.ts';
import { ADDRESS, startGraph } from './start-graph.ts';

const mail = readFileSync(new URL('../mail/sisimai--bsd-rhost-gsuite-10.eml', import.meta.url));

describe('A mail that is delivered over and over', () => {
  it('is the same every time, with its attachments and in its copies, also in a data file of an older simulator', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
    const databasePath = join(folder, 'simulator.db');
    const old = openSimulatorDatabase(databasePath);
    old.exec(`
      CREATE TABLE graph_message_mime (message_id INTEGER PRIMARY KEY, mime BLOB NOT NULL) STRICT;
      CREATE TABLE graph_attachments (
        id INTEGER PRIMARY KEY, message_id INTEGER NOT NULL, guid BLOB NOT NULL, name TEXT NOT NULL, content_type TEXT,
        is_inline INTEGER NOT NULL, content_id TEXT, content_location TEXT, size INTEGER NOT NULL, item TEXT,
        content BLOB NOT NULL) STRICT`);
    old.close();
    const running = await startGraph({ databasePath });
    try {
      const bulk = { count: 4, mails: [mail.toString('base64')] };
      await running.control('POST', `/mailboxes/${ADDRESS}/messages/bulk`, bulk);
      const list = await running.graph('GET', '/me/messages?$select=id');
      await running.graph('POST', `/me/messages/${list.body.value[0].id}/copy`, { body: { destinationId: 'archive' } });
      const { body } = await running.graph('GET', '/me/messages?$expand=attachments');
      expect(body.value).toHaveLength(5);
      const contents = new Set<string>();
      for (const { id, attachments } of body.value) {
        const { bytes } = await running.graph('GET', `/me/messages/${id}/$value`);
        expect(bytes.equals(mail)).toBe(true);
        contents.add(JSON.stringify(attachments.map(({ contentBytes }: { contentBytes?: string }) => contentBytes)));
      }
      expect(contents.size).toBe(1);
      expect([...contents][0]?.length).toBeGreaterThan(100);
    } finally {
      await running.close();
      await rm(folder, { recursive: true });
    }
  });
});
