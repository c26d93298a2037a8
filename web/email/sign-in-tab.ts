/** A tab for Microsoft's sign-in: opened at once, while the browser still sees the click, and led there later. */
export interface SignInTab {
  lead(url: string): void;
  close(): void;
  /** True when the person closed it, or it left our sight: the page at its end is not ours to hold on to. */
  isGone(): boolean;
}

/** Undefined when the browser opens no tab. */
export function openSignInTab(): SignInTab | undefined {
  const tab = window.open('about:blank', '_blank');
  if (tab === null) return undefined;
  return {
    lead: (next) => {
      if (!tab.closed) tab.location.replace(next);
    },
    close: () => tab.close(),
    isGone: () => tab.closed,
  };
}
