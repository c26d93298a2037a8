/** Microsoft's separate clouds; `simulator` is our own stand-in. */
export const microsoftCloudNames = ['global', 'usgov', 'dod', 'china', 'simulator'] as const;
export type MicrosoftCloudName = (typeof microsoftCloudNames)[number];

/** The hosts of one Microsoft cloud. No URL ends in a slash. */
export interface MicrosoftCloud {
  readonly name: MicrosoftCloudName;
  /** Entra: sign-in pages and tokens. */
  readonly loginUrl: string;
  /** Microsoft Graph, without the version. */
  readonly graphUrl: string;
  /** Prefix of a full scope: `https://graph.microsoft.com` of `https://graph.microsoft.com/Mail.Read`. */
  readonly scopeBase: string;
  /** Graph offers delta for mail (learn.microsoft.com/graph/api/message-delta, "national clouds", v1.0). */
  readonly hasMailDelta: boolean;
}

/**
 * Microsoft's clouds: learn.microsoft.com/graph/deployments, "service root endpoints" and "token service root
 * endpoints". A scope carries the host of its own cloud (learn.microsoft.com/graph/sdks/national-clouds). China's Entra
 * has two aliases; this is the host that MSAL prefers.
 */
const hosts = {
  global: { login: 'https://login.microsoftonline.com', graph: 'https://graph.microsoft.com' },
  usgov: { login: 'https://login.microsoftonline.us', graph: 'https://graph.microsoft.us' },
  dod: { login: 'https://login.microsoftonline.us', graph: 'https://dod-graph.microsoft.us' },
  china: { login: 'https://login.partner.microsoftonline.cn', graph: 'https://microsoftgraph.chinacloudapi.cn' },
} as const;

/**
 * The cloud of the given name. The simulator is Entra and Graph on one origin, with the scopes of the global cloud; its
 * URL may be plain http. Throws a TypeError for the simulator without a URL.
 */
export function microsoftCloud(name: MicrosoftCloudName, simulatorUrl?: string): MicrosoftCloud {
  if (name === 'simulator') {
    if (simulatorUrl === undefined) throw new TypeError('The simulator needs a URL');
    const { origin } = new URL(simulatorUrl);
    return { name, loginUrl: origin, graphUrl: origin, scopeBase: hosts.global.graph, hasMailDelta: true };
  }
  const { login, graph } = hosts[name];
  return { name, loginUrl: login, graphUrl: graph, scopeBase: graph, hasMailDelta: name !== 'china' };
}
