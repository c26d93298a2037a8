import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DraftContent, savablePart } from '../../web/answers/draft-content.ts';
import {
  createDraftKeeper,
  type DraftKeeping,
  type SavedDraft,
  type SaveOutcome,
  type UnsavedDraft,
} from '../../web/answers/draft-keeper.ts';
import { restoreDraft } from '../../web/answers/restore-draft.ts';

const content = (change: Partial<DraftContent> = {}): DraftContent => ({
  to: [{ address: 'customer@example.org' }],
  cc: [],
  bcc: [],
  subject: 'Re: Order',
  format: 'html',
  body: '',
  includesQuote: true,
  ...change,
});

/** A server that keeps one draft, as the API does. */
function aServer() {
  let version = 1;
  let current = content();
  const server = {
    isAway: false,
    isOver: false,
    /** Saves the next time, and does not answer. */
    losesAnswer: false,
    requests: 0,
    /** Resolves when the answer may be given. */
    gate: Promise.resolve(),
    draft: (): SavedDraft => ({
      content: current,
      version,
      savedAt: '2026-11-27T10:42:00Z',
    }),
    saveElsewhere(change: Partial<DraftContent>) {
      current = { ...current, ...change };
      version += 1;
    },
    async save(next: DraftContent, over: number): Promise<SaveOutcome> {
      server.requests += 1;
      await server.gate;
      if (server.isAway) return { kind: 'unavailable', error: new Error('away') };
      const isAnswerLost = server.losesAnswer;
      server.losesAnswer = false;
      if (server.isOver) return { kind: 'over', error: new Error('sent') };
      if (over !== version) return { kind: 'changed', draft: server.draft() };
      // What it does not send is left out.
      current = { ...savablePart(next), body: next.body.replace('<script>', '').replace('margin:0"', 'margin:0px"') };
      version += 1;
      if (isAnswerLost) return { kind: 'unavailable', error: new Error('lost') };
      return { kind: 'saved', draft: server.draft() };
    },
  };
  return server;
}

describe('a draft', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function open() {
    const server = aServer();
    const copies: Parameters<DraftKeeping['storeCopy']>[0][] = [];
    const browser = { isFull: false };
    const storeCopy: DraftKeeping['storeCopy'] = (copy) => !browser.isFull && copies.push(copy) > 0;
    const keeper = createDraftKeeper(server.draft(), { save: server.save, storeCopy });
    return { server, keeper, browser, copy: () => copies.at(-1) };
  }

  it('is saved a second after the last word, in one request', async () => {
    const { server, keeper, copy } = open();
    keeper.change({ body: 'a' });
    await vi.advanceTimersByTimeAsync(900);
    keeper.change({ body: 'ab' });
    await vi.advanceTimersByTimeAsync(900);
    expect(server.requests).toBe(0);
    expect(copy()?.content.body).toBe('ab');
    await vi.advanceTimersByTimeAsync(100);
    expect(server.requests).toBe(1);
    expect(server.draft().content.body).toBe('ab');
    expect(keeper.state().phase).toBe('saved');
    expect(copy()).toBeUndefined();
  });

  it('is saved again when words came while it was being saved', async () => {
    const { server, keeper } = open();
    let answer = () => {};
    server.gate = new Promise((resolve) => {
      answer = resolve;
    });
    keeper.change({ body: 'a' });
    const flushed = keeper.flush();
    keeper.change({ body: 'ab' });
    answer();
    expect(await flushed).toBe(true);
    expect(server.draft().content.body).toBe('ab');
    expect(server.requests).toBe(2);
  });

  it('is only in the page while neither the server nor the browser has it', async () => {
    const { server, keeper, browser } = open();
    Object.assign(server, { isAway: true });
    keeper.change({ body: 'words' });
    expect(keeper.state().isOnlyHere).toBe(false);
    browser.isFull = true;
    keeper.change({ body: 'more words' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(keeper.state()).toMatchObject({ phase: 'unavailable', isOnlyHere: true });
    server.isAway = false;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(keeper.state()).toMatchObject({ phase: 'saved', isOnlyHere: false });
  });

  it('is tried again until the server is back, and kept in the browser until then', async () => {
    const { server, keeper, copy } = open();
    server.isAway = true;
    keeper.change({ body: 'words' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(keeper.state().phase).toBe('unavailable');
    expect(copy()?.content.body).toBe('words');
    server.isAway = false;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(keeper.state().phase).toBe('saved');
    expect(server.draft().content.body).toBe('words');
    expect(copy()).toBeUndefined();
  });

  it('is no conflict with itself when it was saved and the answer was lost', async () => {
    const { server, keeper } = open();
    server.losesAnswer = true;
    keeper.change({ body: '<p style="margin:0">words</p>' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(keeper.state().phase).toBe('unavailable');
    keeper.change({ body: '<p style="margin:0">words and more</p>' });
    expect(await keeper.flush()).toBe(true);
    expect(server.draft().content.body).toContain('words and more');
    expect(keeper.state()).toMatchObject({ phase: 'saved', otherText: undefined });
    expect(keeper.state().mergedAt).toBeUndefined();
  });

  it('takes over what was saved elsewhere and keeps what was written here', async () => {
    const { server, keeper } = open();
    server.saveElsewhere({ subject: 'Other' });
    keeper.change({ body: 'mine' });
    expect(await keeper.flush()).toBe(true);
    expect(server.draft().content).toMatchObject({ subject: 'Other', body: 'mine' });
    expect(keeper.state()).toMatchObject({ mergedAt: '2026-11-27T10:42:00Z', revision: 1 });
  });

  it('saves neither of two texts before the person has chosen', async () => {
    const { server, keeper, copy } = open();
    server.saveElsewhere({ body: 'theirs' });
    keeper.change({ body: 'mine' });
    expect(await keeper.flush()).toBe(false);
    expect(keeper.state()).toMatchObject({ content: { body: 'mine' }, otherText: { body: 'theirs' } });
    keeper.change({ body: 'mine too' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.draft().content.body).toBe('theirs');
    expect(copy()?.content.body).toBe('mine too');
    keeper.choose({ format: 'html', body: 'mine and theirs' });
    expect(await keeper.flush()).toBe(true);
    expect(server.draft().content.body).toBe('mine and theirs');
  });

  it('keeps the words when it was sent or taken over by another', async () => {
    const { server, keeper, copy } = open();
    server.isOver = true;
    keeper.change({ body: 'mine' });
    expect(await keeper.flush()).toBe(false);
    keeper.change({ body: 'mine too' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.requests).toBe(1);
    expect(keeper.state()).toMatchObject({ phase: 'over', content: { body: 'mine too' } });
    expect(copy()?.content.body).toBe('mine too');
  });

  it('is no conflict when the server left something out of the text', async () => {
    const { server, keeper } = open();
    keeper.change({ body: 'mine<script>' });
    await keeper.flush();
    server.saveElsewhere({ subject: 'Other' });
    keeper.change({ body: 'mine<script> too' });
    expect(await keeper.flush()).toBe(true);
    expect(keeper.state().otherText).toBeUndefined();
    expect(server.draft().content).toMatchObject({ subject: 'Other', body: 'mine too' });
  });

  it('keeps what it saved where the draft is read as it was before, such as with a file that has just arrived', async () => {
    const { server, keeper } = open();
    const before = server.draft();
    keeper.change({ body: 'Hello' });
    await vi.advanceTimersByTimeAsync(1_000);
    keeper.read(before);
    keeper.change({ subject: 'Re: Your order' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(keeper.state()).toMatchObject({ phase: 'saved', otherText: undefined, content: { body: 'Hello' } });
    expect(keeper.state().mergedAt).toBeUndefined();
    expect(server.draft().content).toMatchObject({ body: 'Hello', subject: 'Re: Your order' });
    expect(server.requests).toBe(2);
  });

  it('shows what another tab saved, at once', () => {
    const { server, keeper } = open();
    server.saveElsewhere({ body: 'theirs' });
    keeper.read(server.draft());
    expect(keeper.state()).toMatchObject({ content: { body: 'theirs' }, phase: 'saved', revision: 1 });
  });

  it('takes a text that has all of its own words without asking, such as both texts that another window kept', async () => {
    const { server, keeper } = open();
    const both = '<p style="margin:0px">mine</p><hr /><p style="margin:0px">theirs</p>';
    server.saveElsewhere({ body: both });
    keeper.change({ body: '<p style="margin:0">mine</p>' });
    expect(await keeper.flush()).toBe(true);
    expect(keeper.state()).toMatchObject({ content: { body: both }, otherText: undefined });
  });

  it('leaves nothing in the browser when it is discarded', async () => {
    const { server, keeper, copy } = open();
    server.isAway = true;
    keeper.change({ body: 'words' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(copy()?.content.body).toBe('words');
    keeper.drop();
    await keeper.flush();
    expect([copy(), server.requests]).toEqual([undefined, 1]);
  });

  it('is no conflict with itself when it is restored, however the server has written it', async () => {
    const { server, keeper, copy } = open();
    keeper.change({ body: '<p style="margin:0">words</p>' });
    await keeper.flush();
    server.isAway = true;
    keeper.change({ body: '<p style="margin:0">words and more</p>' });
    const kept = copy();
    expect(restoreDraft(server.draft().content, kept ? [kept] : [])).toEqual({
      content: content({ body: '<p style="margin:0">words and more</p>' }),
      unanswered: [],
    });
  });

  it('is no conflict with itself when the page ended before it learned that it was saved', async () => {
    const { server, keeper, copy } = open();
    server.losesAnswer = true;
    const unknown = { address: 'no address' };
    keeper.change({ body: '<p style="margin:0">words</p>', to: [...content().to, unknown] });
    await vi.advanceTimersByTimeAsync(1_000);
    keeper.change({ body: '<p style="margin:0">words and more</p>' });
    keeper.stop();
    const kept = copy();
    const restored = restoreDraft(server.draft().content, kept ? [kept] : []);
    expect(restored).toMatchObject({ content: { body: '<p style="margin:0">words and more</p>' } });
    expect(restored?.content.to).toEqual([...content().to, unknown]);
    expect(restored).not.toHaveProperty('otherText');
  });

  it('is no conflict with itself when the server saves it after the page that follows has read it', async () => {
    const server = aServer();
    const read = server.draft();
    const [copies, requests]: [UnsavedDraft[], DraftContent[]] = [[], []];
    const ended = createDraftKeeper(read, {
      save: (sent) => new Promise(() => requests.push(sent)),
      storeCopy: (copy) => copy !== undefined && copies.push(copy) > 0,
    });
    ended.change({ body: '<p>words</p>' });
    void ended.flush();
    ended.change({ body: '<p>words and more</p>' });
    const restored = restoreDraft(read.content, copies.slice(-1));
    for (const sent of requests) await server.save(sent, read.version);
    const next = createDraftKeeper(read, { save: server.save, storeCopy: () => true }, restored);
    expect(await next.flush()).toBe(true);
    expect(next.state()).toMatchObject({ phase: 'saved', otherText: undefined });
    expect(server.draft().content.body).toBe('<p>words and more</p>');
  });

  it('keeps a recipient whose saving was never answered, where another window has saved something else', async () => {
    const { server, keeper } = open();
    const added = { address: 'colleague@example.org' };
    server.isAway = true;
    keeper.change({ cc: [added] });
    await vi.advanceTimersByTimeAsync(1_000);
    server.isAway = false;
    server.saveElsewhere({ subject: 'Other' });
    expect(await keeper.flush()).toBe(true);
    expect(server.draft().content).toMatchObject({ cc: [added], subject: 'Other' });
  });

  it('finds what was saved when the connection broke, however often it was tried since', async () => {
    const { server, keeper } = open();
    server.losesAnswer = true;
    keeper.change({ body: '<p>one</p>' });
    await vi.advanceTimersByTimeAsync(1_000);
    server.isAway = true;
    for (const body of ['<p>two</p>', '<p>three</p>', '<p>four</p>', '<p>five</p>']) {
      keeper.change({ body });
      await vi.advanceTimersByTimeAsync(1_000);
    }
    server.isAway = false;
    expect(await keeper.flush()).toBe(true);
    expect(keeper.state()).toMatchObject({ content: { body: '<p>five</p>' }, otherText: undefined });
  });

  it('keeps the texts of all windows that the end of the session has closed', () => {
    const saved = content({ body: 'first' });
    const written = (body: string) => ({ base: { content: saved }, content: content({ body }) });
    const texts = ['<p>one</p>', '<p>two</p>', '<p>three</p>'];
    const restored = restoreDraft(saved, texts.map(written));
    for (const text of texts) expect(restored?.content.body + (restored?.otherText?.body ?? '')).toContain(text);
    expect(restored?.content.body).toBe('<p>three</p>');
    expect(restoreDraft(saved, [])).toBeUndefined();
  });

  it('goes on with the copy of the browser after a crash', async () => {
    const server = aServer();
    const keeper = createDraftKeeper(
      server.draft(),
      { save: server.save, storeCopy: () => true },
      { content: content({ body: 'kept' }), unanswered: [] },
    );
    expect(keeper.state().phase).toBe('unsaved');
    expect(await keeper.flush()).toBe(true);
    expect(server.draft().content.body).toBe('kept');
  });
});
