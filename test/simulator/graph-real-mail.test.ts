import { readdirSync, readFileSync } from 'node:fs';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageProblems } from './graph-schema.ts';
import { type RunningGraph, startGraph, walkDelta } from './start-graph.ts';

const folder = new URL('../mail/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.eml'));

/** Where the other library reads a comment or a charset wrongly, and the right value is known. */
const READ_BETTER_HERE: Readonly<Record<string, { subject?: string; address?: string | null }>> = {
  'mikel-mail--example10.eml': { address: 'pete@silly.test' },
  'mikel-mail--example13.eml': { address: null },
  'sisimai--bsd-lhost-exchange2007-04.eml': { subject: 'Undeliverable: キジトラ・フラッシュ/ニャーン' },
  'flanker--mailformed-headers.eml': { subject: '´!' },
  'flanker--spam-broken-headers.eml': { subject: 'Forget Asking For A Link Exchange…' },
  'mikel-mail--invalid_subject_characters.eml': {
    subject: 'Formação FrenetikPolis: Mega Campanha Final Verão | Cursos de Setembro',
  },
};

describe('250 real mails', () => {
  let running: RunningGraph;
  const ids = new Map<string, string>();
  beforeAll(async () => {
    running = await startGraph();
    for (const file of files) {
      const { immutableId } = await running.deliver(readFileSync(new URL(file, folder)));
      ids.set(file, immutableId);
    }
  }, 60_000);
  afterAll(() => running.close());

  it('are all in the inbox, each once', async () => {
    const prefer = 'IdType="ImmutableId", odata.maxpagesize=60';
    const { entries } = await walkDelta(running, '/me/mailFolders/inbox/messages/delta?$select=id', { prefer });
    expect(files).toHaveLength(250);
    expect(entries.map((entry) => entry.id).sort()).toEqual([...ids.values()].sort());
    const { body } = await running.graph('GET', '/me/mailFolders/inbox');
    expect([body.totalItemCount, body.unreadItemCount]).toEqual([250, 250]);
  });

  it.each(files)(
    '%s reads as another MIME library reads it, fits the schema, and comes back byte for byte',
    async (file) => {
      const raw = readFileSync(new URL(file, folder));
      const path = `/me/messages/${ids.get(file)}`;
      const { status, body } = await running.graph('GET', `${path}?$expand=attachments`);
      expect(status).toBe(200);
      expect(messageProblems(body)).toEqual([]);
      expect(body.bodyPreview.length).toBeLessThanOrEqual(255);
      expect(JSON.stringify(body).isWellFormed()).toBe(true);

      const other = await PostalMime.parse(raw, { forceRfc822Attachments: true });
      const expected = READ_BETTER_HERE[file] ?? {};
      expect(tidy(body.subject)).toBe(expected.subject ?? tidy(other.subject));
      const address = expected.address === undefined ? (other.from?.address ?? null) : expected.address;
      expect(body.from?.emailAddress.address || null).toBe(address || null);
      if (other.messageId) expect(inBrackets(body.internetMessageId)).toBe(inBrackets(other.messageId));
      else expect(body.internetMessageId).toMatch(/^<.+@.+>$/);

      const mime = await running.graph('GET', `${path}/$value`);
      expect(mime.headers.get('content-type')).toBe('text/plain');
      expect(mime.bytes.equals(raw)).toBe(true);
    },
  );

  it('keep their headers in order, undecoded and unfolded', async () => {
    const id = ids.get('sisimai--bsd-rhost-gsuite-10.eml');
    const { body } = await running.graph('GET', `/me/messages/${id}?$select=internetMessageHeaders`);
    const names = body.internetMessageHeaders.map((header: { name: string }) => header.name);
    expect(names.filter((name: string) => name === 'Received').length).toBeGreaterThan(1);
    expect(names.indexOf('Received')).toBeLessThan(names.indexOf('Subject'));
    for (const { value } of body.internetMessageHeaders) expect(value).not.toMatch(/[\r\n]/);
  });

  it('give text to who wants text', async () => {
    const id = ids.get('sisimai--bsd-lhost-kddi-01.eml');
    const { body } = await running.graph('GET', `/me/messages/${id}`, { prefer: 'outlook.body-content-type="text"' });
    expect(body.body.contentType).toBe('text');
    expect(body.body.content).toContain('送信先のメールボックスが一杯のため');
    expect(body.bodyPreview).toContain('送信先のメールボックス');
  });
});

/** White space may be folded in one way or another. */
function tidy(text: string | null | undefined): string {
  return (text ?? '').replace(/\s+/g, ' ').trim();
}

function inBrackets(id: string): string {
  return `<${id.replace(/^<|>$/g, '')}>`;
}
