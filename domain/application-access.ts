/** What a check of the application's reach has shown. */
export const scopeOutcomes = ['proved', 'readable'] as const;
export type ScopeOutcome = (typeof scopeOutcomes)[number];

/** The result for one mailbox that the application must not read; `unknown`: an answer that says nothing about it. */
export type CanaryResult = 'refused' | 'readable' | 'missing' | 'unknown';

/**
 * What the results for all canaries prove. One that can be read refutes the limit, whatever the others say. One that does
 * not exist proves nothing, and neither does one that could not be asked about; undefined: no conclusion.
 */
export function scopeOutcome(results: readonly CanaryResult[]): ScopeOutcome | undefined {
  if (results.includes('readable')) return 'readable';
  return results.includes('refused') && !results.includes('unknown') ? 'proved' : undefined;
}

/** The stored state of application access, and the app of the settings. */
export interface ApplicationFacts {
  readonly enabled: boolean;
  readonly outcome: ScopeOutcome | null;
  /** The app for which the outcome was found. */
  readonly checkedApp: string | null;
  /** The app of the settings; null: none is entered. */
  readonly currentApp: string | null;
}

/** Why the application's own rights may not be used; undefined: they may. */
export function applicationHindrance({
  enabled,
  outcome,
  checkedApp,
  currentApp,
}: ApplicationFacts): 'application-access-off' | 'application-not-proved' | undefined {
  if (!enabled) return 'application-access-off';
  const isProved = outcome === 'proved' && currentApp !== null && checkedApp === currentApp;
  return isProved ? undefined : 'application-not-proved';
}

/** Application roles of Graph that reach mail; in a token they are granted in Entra, for all mailboxes of the tenant. */
export function isMailRole(role: string): boolean {
  return /^(Mail|MailboxItem|MailboxFolder)\./.test(role);
}
