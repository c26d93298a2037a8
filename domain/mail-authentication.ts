/** What one method says. `pass` and `fail` as in RFC 8601; every other result proves nothing. */
export interface MethodResult {
  /** As stamped: `pass`, `fail`, `softfail`, `none`, `temperror` … */
  readonly result: string;
  /** The domain that was looked at, where it is named. */
  readonly domain: string | null;
}

export const authenticationVerdicts = ['passed', 'failed', 'unproven', 'internal'] as const;

/** Whether a mail comes from where it says, as Exchange found when it came in. */
export interface MailAuthentication {
  /**
   * `passed`: the domain of the author vouches for it. `failed`: the domain disowns it, or the sender is not permitted
   * to use it. `unproven`: neither is known. `internal`: it never left the organisation.
   */
  readonly verdict: (typeof authenticationVerdicts)[number];
  readonly spf: MethodResult | null;
  /** The signature that passed, else the first. */
  readonly dkim: MethodResult | null;
  readonly dmarc: MethodResult | null;
}

type Headers = readonly { readonly name: string; readonly value: string }[];

/**
 * Reads the results that Exchange Online stamped; null where it stamped none. Anybody can write such headers into a
 * mail, so only those count that stand directly above the hop by which Exchange took the mail over from outside: each
 * server puts its headers above those that it received.
 */
export function readAuthentication(headers: Headers | null): MailAuthentication | null {
  const edge = headers?.findIndex(isTakenOver) ?? -1;
  if (!headers) return null;
  if (edge < 0) return isInternal(headers) ? { verdict: 'internal', spf: null, dkim: null, dmarc: null } : null;
  const hopBefore = headers.findLastIndex(({ name }, at) => at < edge && isNamed(name, 'received'));
  const stamped = headers.slice(hopBefore + 1, edge).find(({ name }) => isNamed(name, 'authentication-results'));
  return stamped ? judge(resultsOf(stamped.value)) : null;
}

/** Servers of Exchange Online that take mail from outside, in all of Microsoft's clouds. */
const edgeServer = /^\S+\.mail\.(?:eo\.outlook\.com|protection\.(?:outlook\.com|partner\.outlook\.cn|office365\.us))$/i;

function isTakenOver({ name, value }: Headers[number]): boolean {
  if (!isNamed(name, 'received')) return false;
  return edgeServer.test(/(?:^|\s)by\s+(\S+)/i.exec(withoutComments(value))?.[1] ?? '');
}

/** Exchange removes this header from all mail from outside. */
function isInternal(headers: Headers): boolean {
  return headers.some(
    ({ name, value }) => isNamed(name, 'x-ms-exchange-organization-authas') && /^\s*internal\s*$/i.test(value),
  );
}

interface Result extends MethodResult {
  readonly method: string;
}

function judge(results: readonly Result[]): MailAuthentication {
  const find = (method: string) => results.find((each) => each.method === method);
  const signatures = results.filter(({ method }) => method === 'dkim');
  const [spf, dmarc, overall] = [find('spf'), find('dmarc'), find('compauth')];
  const dkim = signatures.find(({ result }) => result === 'pass') ?? signatures[0];
  return { verdict: verdictOf(), spf: shown(spf), dkim: shown(dkim), dmarc: shown(dmarc) };

  function verdictOf(): MailAuthentication['verdict'] {
    // Exchange's own verdict also knows of trusted forwarders, which break the others.
    if (overall?.result === 'fail') return 'failed';
    if (dmarc?.result === 'fail') return overall?.result === 'pass' ? 'unproven' : 'failed';
    if (dmarc?.result === 'pass' || dmarc?.result === 'bestguesspass' || overall?.result === 'pass') return 'passed';
    return spf?.result === 'fail' && dkim?.result !== 'pass' ? 'failed' : 'unproven';
  }
}

function shown(result: Result | undefined): MethodResult | null {
  return result ? { result: result.result, domain: result.domain } : null;
}

/** Longer headers are cut; those of Exchange have a few hundred characters. */
const MOST_CHARACTERS = 8_000;
const methods = new Set(['spf', 'dkim', 'dmarc', 'compauth']);

/** The results of one header: `method=result (comment) property=value …`, separated by semicolons. */
function resultsOf(value: string): readonly Result[] {
  return withoutComments(value)
    .split(';')
    .flatMap((part) => {
      const [first = '', ...properties] = part.trim().toLowerCase().split(/\s+/);
      const [method = '', result = ''] = first.split('=');
      if (!methods.has(method) || !/^[a-z]+$/.test(result)) return [];
      const domains = properties.map((each) => /^(?:header\.d|header\.from|smtp\.mailfrom)=(\S+)$/.exec(each)?.[1]);
      const domain =
        domains
          .find((each) => each !== undefined)
          ?.replace(/^.*@/, '')
          .replace(/^"|"$/g, '') ?? null;
      return [{ method, result, domain: domain === 'none' ? null : domain }];
    });
}

/** RFC 5322: comments may be nested, and have quoted parentheses; in quotes there are none. */
function withoutComments(value: string): string {
  let [plain, depth, isQuoted] = ['', 0, false];
  const text = value.slice(0, MOST_CHARACTERS);
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '"' && depth === 0) isQuoted = !isQuoted;
    else if (character === '(' && !isQuoted) depth += 1;
    else if (character === ')' && !isQuoted && depth > 0) depth -= 1;
    else if (depth === 0) plain += isQuoted && character === ';' ? ' ' : character;
    if (depth > 0 && character === '(' && depth === 1) plain += ' ';
  }
  return plain;
}

function isNamed(name: string, lowerCase: string): boolean {
  return name.length === lowerCase.length && name.toLowerCase() === lowerCase;
}
