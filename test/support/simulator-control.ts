import type { StatsSnapshot } from '../../simulator/stats.ts';

/** The simulator's control API, as tests use it. Throws an Error with the answer when it refuses. */
export function createSimulatorControl(url: string) {
  async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${url}/control${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? (undefined as Answer) : JSON.parse(text);
  }
  const mailbox = (address: string) => `/mailboxes/${encodeURIComponent(address)}`;
  return {
    /** `receivedAt` says when the mailbox received it; now, when not given. */
    deliver: (
      address: string,
      { receivedAt, ...message }: { subject: string; text?: string; html?: string; receivedAt?: Date },
    ) => {
      const query = receivedAt ? `?receivedDateTime=${receivedAt.toISOString()}` : '';
      return call<{ id: string }>('POST', `${mailbox(address)}/messages${query}`, { text: 'Hello', ...message });
    },
    deliverMany: (address: string, count: number, subject: string, receivedAt = new Date()) =>
      call('POST', `${mailbox(address)}/messages/bulk?receivedDateTime=${receivedAt.toISOString()}`, {
        count,
        template: { subject, text: 'Hello' },
      }),
    addFault: (fault: Readonly<Record<string, unknown>>) => call('POST', '/faults', fault),
    clearFaults: () => call('DELETE', '/faults'),
    loseSyncState: (address: string) => call('POST', `${mailbox(address)}/lose-sync-state`, {}),
    signIn: (mode: Readonly<Record<string, string>>) => call('PUT', '/sign-in', mode),
    revoke: (address: string, reason: string) => call('POST', '/tokens/revoke', { address, reason }),
    stats: () => call<StatsSnapshot>('GET', '/stats'),
    resetStats: () => call('DELETE', '/stats'),
    call,
  };
}
