/** Gateways and redirectors within each other: Safe Links around Proofpoint around Google. */
const MOST_WRAPPINGS = 5;

interface Wrapper {
  readonly host: RegExp;
  readonly path?: RegExp;
  /** The address inside, as it is written there. */
  readonly inner: (url: URL) => string | null | undefined;
}

const parameter =
  (...names: readonly string[]): Wrapper['inner'] =>
  ({ searchParams }) =>
    names.map((name) => searchParams.get(name)).find(Boolean);

/**
 * Who replaces the links of a mail by their own, which contain the original: gateways of the receiver, and redirectors
 * that senders use. No other host is believed: the address inside is what the reader sees.
 */
const wrappers: readonly Wrapper[] = [
  // Microsoft Defender
  {
    host: /(?:^|\.)safelinks\.protection\.(?:outlook\.com|office365\.us|partner\.outlook\.cn)$/,
    inner: parameter('url'),
  },
  { host: /^statics\.teams\.(?:cdn\.office\.net|microsoft\.com)$/, path: /safelinks/, inner: parameter('url') },
  // Proofpoint
  { host: /^urldefense(?:\.proofpoint)?\.(?:com|us)$/, inner: ofProofpoint },
  // Barracuda
  { host: /^linkprotect\.cudasvc\.com$/, inner: parameter('a') },
  // Mimecast tells the host alone.
  { host: /(?:^|\.)mimecast(?:protect)?\.com$/, inner: ({ searchParams }) => hostAlone(searchParams.get('domain')) },
  // Cisco
  { host: /^secure-web\.cisco\.com$/, inner: ({ pathname }) => decoded(pathname.split('/').at(-1) ?? '') },
  // Sophos
  { host: /(?:^|\.)protection\.sophos\.com$/, inner: ({ searchParams }) => fromBase64(searchParams.get('u')) },
  // Symantec, Trend Micro, Trustwave
  { host: /^clicktime\.(?:symantec|cloud\.postoffice)\.com$/, inner: parameter('u') },
  { host: /(?:^|\.)trendmicro\.(?:com|eu)$/, path: /\/clicktime\//, inner: parameter('url') },
  { host: /^scanmail\.trustwave\.com$/, inner: parameter('u') },
  // Redirectors
  { host: /^(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?$/, path: /^\/url$/, inner: parameter('q', 'url') },
  { host: /^lm?\.(?:facebook|instagram)\.com$/, inner: parameter('u') },
  { host: /^(?:www\.)?youtube\.com$/, path: /^\/redirect$/, inner: parameter('q') },
  { host: /^(?:www\.)?linkedin\.com$/, path: /^\/(?:safety\/go|redir\/redirect)$/, inner: parameter('url') },
  { host: /^deref-(?:gmx|web|mail)\.(?:net|de|com)$/, inner: parameter('redirectUrl') },
];

/** Where a link leads behind the gateways and redirectors that are known. */
export function unwrapped(url: URL): URL {
  let found = url;
  for (let wrappings = 0; wrappings < MOST_WRAPPINGS; wrappings += 1) {
    const { hostname, pathname } = found;
    const wrapper = wrappers.find(({ host, path }) => host.test(hostname) && (path?.test(pathname) ?? true));
    const inner = wrapper?.inner(found);
    if (!inner || !URL.canParse(inner)) return found;
    const address = new URL(inner);
    if (!/^https?:$/.test(address.protocol)) return found;
    found = address;
  }
  return found;
}

/** https://help.proofpoint.com/Threat_Insight_Dashboard/Concepts/How_do_I_decode_a_rewritten_URL%3F */
function ofProofpoint(url: URL): string | undefined {
  const written = url.searchParams.get('u') ?? '';
  if (url.pathname.startsWith('/v1/')) return written;
  if (url.pathname.startsWith('/v2/')) return decoded(written.replaceAll('-', '%').replaceAll('_', '/'));
  const [, address, replaced = ''] = /\/v3\/__(.+?)__;([^!]*)!/.exec(url.href) ?? [];
  return address && withReplaced(address, [...(fromBase64(replaced) ?? '')]);
}

const RUN_LENGTHS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** An asterisk stands for the next of the replaced characters, two and a letter for as many as the letter counts. */
function withReplaced(address: string, replaced: readonly string[]): string {
  let at = 0;
  const whole = address.replace(/\*(?:\*([\w-]))?/g, (_, run?: string) => {
    const end = at + (run === undefined ? 1 : RUN_LENGTHS.indexOf(run) + 2);
    const characters = replaced.slice(at, end).join('');
    at = end;
    return characters;
  });
  // Servers make one of two slashes.
  return whole.replace(/^(https?:\/)(?!\/)/i, '$1/');
}

function hostAlone(domain: string | null): string | undefined {
  return domain !== null && /^[\w.-]+$/.test(domain) ? `https://${domain}/` : undefined;
}

function fromBase64(text: string | null): string | undefined {
  try {
    const octets = atob((text ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(octets, (each) => each.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
