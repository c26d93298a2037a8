import { toUnicode } from 'punycode.js';
import { unwrapped } from './unwrapped-link.ts';

/** Why a link may lead elsewhere than its reader expects. */
export type LinkDoubt =
  /** Its words name another host or address. */
  | 'other-host'
  /** Its words name another telephone number. */
  | 'other-number'
  /** What stands before an `@` looks like the host. */
  | 'user-name'
  /** The host is a number. */
  | 'number'
  /** The host has letters that look like others. */
  | 'look-alike';

export interface LinkFacts {
  /** Where the link leads, as it is shown: behind gateways and redirectors, with letters of all scripts. */
  readonly target: string;
  /** The host, in ASCII where its letters deceive; or the e-mail address, or the telephone number. */
  readonly host: string;
  readonly doubts: readonly LinkDoubt[];
}

/** Longer words describe, and are no address. */
const MOST_WORDS_CHARACTERS = 300;

type SameOwner = (one: string, other: string) => boolean;

const areEqual: SameOwner = (one, other) => withoutWww(one) === withoutWww(other);

/**
 * What is shown of a link, and what its reader is to be warned of. Undefined: it is no address.
 *
 * @param haveSameOwner whether two hosts are of one owner; when omitted, only equal ones are
 */
export function findLinkFacts(href: string, words: string, haveSameOwner = areEqual): LinkFacts | undefined {
  const url = parseUrl(href);
  if (!url) return undefined;
  if (url.protocol === 'tel:' || url.protocol === 'sms:') return phoneFacts(url, words);
  if (url.protocol === 'mailto:') return mailFacts(url, words);
  const target = unwrapped(url);
  const { hostname } = target;
  const named = [...hostsNamedBy(words), ...addressesIn(words).map(domainOf)];
  const doubts: LinkDoubt[] = [];
  if (target.username !== '' || target.password !== '') doubts.push('user-name');
  if (/^[\d.]+$|^\[/.test(hostname)) doubts.push('number');
  if (hasLookAlikes(hostname)) doubts.push('look-alike');
  if (named.some((host) => !areEqual(host, hostname) && !haveSameOwner(host, hostname))) doubts.push('other-host');
  const isClear = !doubts.includes('look-alike');
  return {
    target: isClear ? readable(target) : target.href,
    host: isClear ? readableHost(hostname) : hostname,
    doubts,
  };
}

function mailFacts(url: URL, words: string): LinkFacts {
  const { pathname, searchParams } = url;
  const copies = ['to', 'cc', 'bcc'].flatMap((name) => searchParams.getAll(name));
  const addresses = [decode(pathname), ...copies].map((each) => each.trim()).filter((each) => each !== '');
  const written = addresses.join(', ');
  const isNamed = (address: string) => written.toLowerCase().includes(address.toLowerCase());
  const isOther = !addressesIn(words).every(isNamed);
  return { target: `mailto:${written}`, host: written, doubts: isOther ? ['other-host'] : [] };
}

/** As many digits make a telephone number of other words: with fewer, it is a year, a room, an extension. */
const FEWEST_DIGITS = 6;

function phoneFacts(url: URL, words: string): LinkFacts {
  const number = decode(url.pathname);
  const written = words.slice(0, MOST_WORDS_CHARACTERS).match(/\+?\d[\d\s().\-/\u2010-\u2015]*\d/g) ?? [];
  const named = written.map(digitsOf).filter((digits) => digits.length >= FEWEST_DIGITS);
  const isOther = named.length > 0 && !named.some((digits) => isSameNumber(digits, digitsOf(number)));
  return { target: `${url.protocol}${number}`, host: number, doubts: isOther ? ['other-number'] : [] };
}

/** Without the zeros before an area, or a country. */
function digitsOf(number: string): string {
  return number.replace(/;.*$/, '').replace(/\(0\)/g, '').replace(/\D/g, '').replace(/^0+/, '');
}

/** One of them may have the code of the country, and the other may not. */
function isSameNumber(one: string, other: string): boolean {
  const isEnd = (short: string, long: string) => short.length >= FEWEST_DIGITS && long.endsWith(short);
  return one === other || isEnd(one, other) || isEnd(other, one);
}

/** The e-mail addresses that words name. Invisible characters do not hide one. */
export function addressesIn(words: string): readonly string[] {
  return visibleOf(words).match(/[^\s@<>(),;:"'“”]+@[^\s@<>(),;:"'“”/]+\.[^\s@<>(),;:."'“”/]+/g) ?? [];
}

function domainOf(address: string): string {
  return parseUrl(`http://${address.slice(address.lastIndexOf('@') + 1)}`)?.hostname ?? '';
}

/**
 * The hosts that the words of a link name, in ASCII: addresses with their scheme or `www.` anywhere, and words that are
 * nothing but a host or an address without a scheme. Invisible characters do not hide one.
 */
export function hostsNamedBy(words: string): readonly string[] {
  const visible = visibleOf(words);
  const written = [...visible.matchAll(/(?:\bhttps?:\/\/(?:[^\s/?#@]*@)?|\bwww\.)([^\s/?#:,;<>()[\]"'“”]+)/gi)].map(
    ([address, host = '']) => (/^www\./i.test(address) ? address : host),
  );
  const bare = /^[^\p{L}\p{N}]*((?:[\p{L}\p{N}-]+\.)+\p{L}[\p{L}\p{N}-]+)(?::\d+)?(?:[/?#]\S*)?[^\p{L}\p{N}]*$/u.exec(
    visible,
  )?.[1];
  const hosts = written.length === 0 && bare !== undefined && !isFileName(bare) ? [bare] : written;
  return hosts
    .flatMap((host) => parseUrl(`http://${host}`)?.hostname.replace(/\.$/, '') ?? [])
    .filter((host) => host.includes('.'));
}

function visibleOf(words: string): string {
  return words
    .slice(0, MOST_WORDS_CHARACTERS)
    .replace(/[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g, '')
    .normalize('NFKC')
    .trim();
}

/** Words such as `invoice.pdf` or `Node.js` are no hosts. */
function isFileName(host: string): boolean {
  return /\.(?:pdf|docx?|xlsx?|pptx?|txt|csv|zip|png|jpe?g|gif|html?|js|ts|py|exe|msi|eml|ics|xml|json)$/i.test(host);
}

function parseUrl(text: string): URL | undefined {
  const written = text.trim().replace(/^\/\//, 'https://');
  return URL.canParse(written) ? new URL(written) : undefined;
}

function readable(url: URL): string {
  const host = readableHost(url.hostname);
  const shown = url.href.replace(url.hostname, () => host);
  // Directions and controls in a path would change how the host reads.
  return decode(shown) === shown ? shown : shown.replace(/(?:%[0-9A-F]{2})+/gi, (octets) => plainLetters(octets));
}

function plainLetters(octets: string): string {
  const text = decode(octets);
  return /^[\p{L}\p{N}]+$/u.test(text) && !/[\p{Script=Hebrew}\p{Script=Arabic}]/u.test(text) ? text : octets;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Letters of one script that look like those of Latin. */
const latinLookAlikes = /^[авеԁһіјӏкмнорԛѕтухѵԝ0-9αοϲνρτυχκι-]+$/u;

function withoutWww(host: string): string {
  return host.replace(/^www\./, '');
}

/** In the form of a URL, or as it is read. */
export function hasLookAlikes(written: string): boolean {
  return readableHost(written)
    .split('.')
    .some((label) => {
      const isLatin = /\p{Script=Latin}/u.test(label);
      const isOther = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u.test(label);
      return isOther && (isLatin || latinLookAlikes.test(label));
    });
}

function readableHost(host: string): string {
  if (!host.includes('xn--')) return host;
  try {
    return toUnicode(host);
  } catch {
    return host;
  }
}
