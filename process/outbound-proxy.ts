import { setGlobalProxyFromEnv } from 'node:http';
import type { OutboundProxy } from '../config/environment.ts';

/** Never through a proxy: a proxy on another machine would look for them there. */
const THIS_MACHINE = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Sends every `fetch` of this process through the proxies: Graph, Entra (MSAL uses our `fetch`) and the OpenID
 * provider. Node only does so when NODE_USE_ENV_PROXY is set before it starts. Without proxies nothing changes. Returns
 * a function that undoes it.
 */
export function obeyOutboundProxy(proxy: OutboundProxy): () => void {
  const proxies = proxyEnvironment(proxy);
  return proxies === undefined ? () => {} : setGlobalProxyFromEnv(proxies);
}

/** The proxies as Node reads them, also for an `http.Agent` of one's own; undefined: there are none. */
export function proxyEnvironment({ https, http, exceptions }: OutboundProxy): Record<string, string> | undefined {
  if (https === undefined && http === undefined) return undefined;
  return {
    ...(https === undefined ? {} : { https_proxy: https }),
    ...(http === undefined ? {} : { http_proxy: http }),
    no_proxy: [...THIS_MACHINE, ...exceptions].join(','),
  };
}
