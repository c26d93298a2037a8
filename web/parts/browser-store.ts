/** Texts that the browser keeps under names. One that is full or blocked keeps nothing, and the page goes on without it. */
export interface BrowserStore {
  /** Undefined: nothing is kept under this name. */
  find(key: string): string | undefined;
  /** What a JSON text means; undefined for nothing, and for what is no JSON. Another release may have written it. */
  findJson(key: string): unknown;
  /** Keeps a text, or forgets what was kept when it is undefined. False: the browser kept nothing, or an older text. */
  keep(key: string, text: string | undefined): boolean;
  /** Names that begin like this. */
  keys(prefix: string): readonly string[];
  /** Forgets everything whose name begins like this. */
  forget(prefix: string): void;
}

/** Ends with the window. */
export const windowStore = createBrowserStore(() => sessionStorage);
/** Of all windows of this browser. */
export const sharedStore = createBrowserStore(() => localStorage);

/** `open` is called for each use: where storage is blocked, the browser refuses even to name it. */
export function createBrowserStore(open: () => Storage): BrowserStore {
  function attempt<Result>(use: (storage: Storage) => Result, otherwise: Result): Result {
    try {
      return use(open());
    } catch {
      return otherwise;
    }
  }
  const keys = (prefix: string) =>
    attempt((storage) => Object.keys(storage).filter((key) => key.startsWith(prefix)), []);
  function keep(key: string, text: string | undefined): boolean {
    return attempt((storage) => {
      if (text === undefined) storage.removeItem(key);
      else storage.setItem(key, text);
      return true;
    }, false);
  }
  return {
    find: (key) => attempt((storage) => storage.getItem(key) ?? undefined, undefined),
    findJson: (key) =>
      attempt((storage): unknown => JSON.parse(storage.getItem(key) ?? 'null') ?? undefined, undefined),
    keep,
    keys,
    forget: (prefix) => {
      for (const key of keys(prefix)) keep(key, undefined);
    },
  };
}
