/** A tab for Microsoft's sign-in: opened at once, within the click, and navigated later. */
export interface SignInTab {
  lead(url: string): void;
  close(): void;
  /** True when the tab was closed or is out of reach: the page at its end does not keep its opener. */
  isGone(): boolean;
}

/** Undefined when the browser does not open a tab. */
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
