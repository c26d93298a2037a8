import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import pLimit from 'p-limit';
import { Agent, buildConnector, type Dispatcher, ProxyAgent, request } from 'undici';
import type { OutboundProxy } from '../../config/environment.ts';
import type { PictureType } from '../../domain/picture-type.ts';
import { allowedImageUrl } from './image-address.ts';
import { internetConnector, internetLookup, isNotOfTheInternet } from './internet-only.ts';
import { isPublicAddress } from './public-address.ts';
import { showablePictureType } from './showable-picture-type.ts';

/** Bytes. The largest pictures of newsletters have two million. */
const MOST_BYTES = 5 * 1_024 * 1_024;
/** For all of it, redirects included. */
const WITHIN_MS = 5_000;
const MOST_REDIRECTS = 3;
/** Fetched at once by this process. */
const AT_ONCE = 16;

export type RemoteImage =
  | { readonly outcome: 'image'; readonly type: PictureType; readonly bytes: Buffer }
  /** The address, one that it redirects to, or what its name resolves to may not be asked. */
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'no-picture' }
  | { readonly outcome: 'not-loaded' };

/** Fetches images of other servers, for people who read mail. */
export interface RemoteImages {
  fetch(url: string): Promise<RemoteImage>;
  close(): Promise<void>;
}

interface RemoteImagesOptions {
  readonly proxy?: OutboundProxy | undefined;
  /** How names are resolved; when omitted, as this machine does. */
  readonly lookup?: LookupFunction | undefined;
}

/**
 * Fetches without cookies, referrer or anything else that names the reader, and only from the internet: the address is
 * checked as it is written, when its name is resolved, and once more when the connection stands, so a name that changes
 * in between leads nowhere else. Through a proxy, which resolves names by itself, Mailroom checks what is written and
 * what this machine knows of the name; the rest is the proxy's to refuse.
 */
export function createRemoteImages({ proxy, lookup = systemLookup }: RemoteImagesOptions = {}): RemoteImages {
  const limit = pLimit(AT_ONCE);
  const direct = new Agent({
    connect: internetConnector(buildConnector({ timeout: WITHIN_MS, lookup: internetLookup(lookup) })),
    pipelining: 0,
  });
  const proxies = { 'http:': openProxy(proxy?.http), 'https:': openProxy(proxy?.https) };

  /** Undefined: refused. */
  async function dispatcherFor(url: URL): Promise<Dispatcher | undefined> {
    const through = proxies[url.protocol as keyof typeof proxies];
    if (!through || isException(url.hostname, proxy?.exceptions ?? [])) return direct;
    const addresses = await resolve(url.hostname, lookup);
    return addresses.every(({ address }) => isPublicAddress(address)) ? through : undefined;
  }

  async function follow(written: string, signal: AbortSignal): Promise<RemoteImage> {
    let target = written;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const url = allowedImageUrl(target);
      const dispatcher = url && (await dispatcherFor(url));
      if (!url || !dispatcher) return { outcome: 'refused' };
      const { statusCode, headers, body } = await request(url.href, { dispatcher, signal, headers: REQUEST_HEADERS });
      const location = headers.location;
      if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
        drop(body);
        if (!URL.canParse(location, url.href)) return { outcome: 'not-loaded' };
        target = new URL(location, url.href).href;
        continue;
      }
      if (statusCode !== 200) {
        drop(body);
        return { outcome: 'not-loaded' };
      }
      return await readImage(body);
    }
    return { outcome: 'not-loaded' };
  }

  return {
    fetch: async (url) =>
      await limit(async () => {
        try {
          return await follow(url, AbortSignal.timeout(WITHIN_MS));
        } catch (error) {
          return { outcome: isNotOfTheInternet(error) ? 'refused' : 'not-loaded' };
        }
      }),
    async close() {
      await Promise.all([direct, ...Object.values(proxies)].map((each) => each?.destroy()));
    },
  };
}

const REQUEST_HEADERS = { accept: 'image/avif,image/webp,image/png,image/jpeg,image/gif', 'user-agent': 'Mailroom' };

/** Ends an answer that is not read. Its stream then reports that, and an error without a listener would end the process. */
function drop(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => {}).destroy();
}

/** Reads no more than allowed, and believes the bytes, not their name. */
async function readImage(body: Dispatcher.ResponseData['body']): Promise<RemoteImage> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return { outcome: 'not-loaded' };
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const type = showablePictureType(bytes);
  return type === null ? { outcome: 'no-picture' } : { outcome: 'image', type, bytes };
}

/** The addresses of a name, as far as this machine knows it. */
async function resolve(host: string, lookup: LookupFunction): Promise<readonly LookupAddress[]> {
  return await new Promise((settle) => {
    lookup(host, { all: true }, (error, found) => settle(error ? [] : (found as unknown as LookupAddress[])));
  });
}

function openProxy(url: string | undefined): ProxyAgent | undefined {
  return url === undefined ? undefined : new ProxyAgent({ uri: url });
}

/** As NO_PROXY is written: a host, `.example.com` for all below it, or `*`. */
function isException(host: string, exceptions: readonly string[]): boolean {
  return exceptions.some((exception) => {
    const name = exception.toLowerCase().replace(/^\*?\./, '.');
    return name === '*' || name === host || (name.startsWith('.') && host.endsWith(name));
  });
}
