import { setGlobalProxyFromEnv } from 'node:http';
import type { OutboundProxy } from '../config/environment.ts';

/** Never by a proxy: a proxy elsewhere would look for them on its own machine. */
const THIS_MACHINE = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Lets every `fetch` of this process go by the proxies: Graph, Entra (MSAL sends by our own `fetch`) and the OpenID
 * provider. Node does so by itself only when NODE_USE_ENV_PROXY is set before it starts. Without proxies nothing changes.
 * Returns a function that takes it back.
 */
export function obeyOutboundProxy({ https, http, exceptions }: OutboundProxy): () => void {
  if (https === undefined && http === undefined) return () => {};
  return setGlobalProxyFromEnv({
    ...(https === undefined ? {} : { https_proxy: https }),
    ...(http === undefined ? {} : { http_proxy: http }),
    no_proxy: [...THIS_MACHINE, ...exceptions].join(','),
  });
}
