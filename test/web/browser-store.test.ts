import { describe, expect, it } from 'vitest';
import { createBrowserStore } from '../../web/parts/browser-store.ts';

/** What browsers offer, without its methods: names are its own properties there, too. */
function aStorage(room = Number.POSITIVE_INFINITY): Storage {
  const texts = new Map<string, string>();
  const methods = {
    getItem: (key: string) => texts.get(key) ?? null,
    removeItem: (key: string) => texts.delete(key),
    setItem(key: string, text: string) {
      if (text.length > room) throw new DOMException('full', 'QuotaExceededError');
      texts.set(key, text);
    },
  };
  const get = (_: object, name: string) => methods[name as keyof typeof methods];
  const getOwnPropertyDescriptor = () => ({ enumerable: true, configurable: true });
  return new Proxy({}, { get, ownKeys: () => [...texts.keys()], getOwnPropertyDescriptor }) as Storage;
}

describe('a store of the browser', () => {
  it('finds what it kept, and forgets it by the beginning of its name', () => {
    const storage = aStorage();
    const store = createBrowserStore(() => storage);
    for (const key of ['note:1', 'note:2', 'file:1']) expect(store.keep(key, `text of ${key}`)).toBe(true);
    expect(store.keys('note:')).toEqual(['note:1', 'note:2']);
    store.forget('note:');
    expect(['note:1', 'note:2', 'file:1'].map(store.find)).toEqual([undefined, undefined, 'text of file:1']);
  });

  it('reads JSON, and nothing where another release or another program wrote something else', () => {
    const storage = aStorage();
    const store = createBrowserStore(() => storage);
    store.keep('whole', '{"name":"a.pdf"}');
    store.keep('cut', '{"name":');
    store.keep('null', 'null');
    expect(['whole', 'cut', 'null', 'absent'].map(store.findJson)).toEqual([
      { name: 'a.pdf' },
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('says that a text does not fit, and has the one before', () => {
    const storage = aStorage(10);
    const store = createBrowserStore(() => storage);
    store.keep('note', 'short');
    expect(store.keep('note', 'longer than ten')).toBe(false);
    expect(store.find('note')).toBe('short');
  });

  it('keeps and finds nothing where the browser blocks it, without an error', () => {
    const store = createBrowserStore(() => {
      throw new DOMException('blocked', 'SecurityError');
    });
    expect(store.keep('note', 'text')).toBe(false);
    expect(store.find('note')).toBeUndefined();
    expect(store.findJson('note')).toBeUndefined();
    expect(store.keys('')).toEqual([]);
    store.forget('');
  });
});
