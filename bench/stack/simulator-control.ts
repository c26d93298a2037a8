/** The benchmarks' client of the simulator's control API. Every method throws an Error with the answer on a refusal. */
export interface SimulatorControl {
  readonly url: string;
  /**
   * Delivers `count` of the mails, repeated as needed, to each of the mailboxes. Each is read once: thousands take
   * seconds.
   */
  deliverToEach(mails: readonly Uint8Array[], mailboxes: readonly string[], count: number): Promise<void>;
  /** Delivers one raw mail now; returns its id, as delta gives it. */
  deliver(address: string, mime: Uint8Array): Promise<string>;
  /** Tokens as from a sign-in. Creates the user and the mailbox's owner if they are missing. */
  issueTokens(address: string): Promise<TokenAnswer>;
  /** Requests answered since the start. */
  countRequests(): Promise<number>;
  call<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** The answer of Entra's token endpoint. */
export type TokenAnswer = Readonly<Record<string, unknown>> & {
  readonly access_token: string;
  readonly refresh_token: string;
};

const SCOPE =
  'openid profile offline_access https://graph.microsoft.com/User.Read https://graph.microsoft.com/Mail.Read';

/**
 * `keepAlive` is false where the simulator is frozen at times: as it goes on, it closes the idle connections of the
 * time before, under requests that were just sent on them.
 */
export function createSimulatorControl(url: string, { keepAlive = true } = {}): SimulatorControl {
  async function send<Answer>(method: string, path: string, type?: string, body?: string | Uint8Array<ArrayBuffer>) {
    const headers: Record<string, string> = keepAlive ? {} : { connection: 'close' };
    if (type !== undefined && body !== undefined) headers['content-type'] = type;
    const response = await fetch(`${url}/control${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /control${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }
  const call = <Answer>(method: string, path: string, body?: unknown) =>
    send<Answer>(method, path, 'application/json', body === undefined ? undefined : JSON.stringify(body));

  return {
    url,
    call,
    async deliverToEach(mails, mailboxes, count) {
      const encoded = mails.map((mail) => Buffer.from(mail).toString('base64'));
      await call('POST', '/messages/bulk', { mailboxes, count, mails: encoded });
    },
    async deliver(address, mime) {
      const path = `/mailboxes/${encodeURIComponent(address)}/messages`;
      const { immutableId } = await send<{ immutableId: string }>('POST', path, 'message/rfc822', new Uint8Array(mime));
      return immutableId;
    },
    issueTokens: (address) => call('POST', '/tokens', { address, scope: SCOPE, capabilities: ['cp1'] }),
    countRequests: async () => (await call<{ requests: number }>('GET', '/stats')).requests,
  };
}
