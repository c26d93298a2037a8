/** What a browser without scripts would see: one page, and what can be done on it. */
export interface PageView {
  readonly url: string;
  readonly status: number;
  readonly title: string;
  readonly html: string;
  /** Visible words, white space collapsed. */
  readonly text: string;
  readonly forms: readonly PageForm[];
  readonly links: readonly { readonly text: string; readonly href: string }[];
}

interface PageForm {
  readonly action: string;
  readonly method: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Names of fields that a person fills in. */
  readonly inputs: readonly string[];
  readonly buttons: readonly { readonly text: string; readonly name: string; readonly value: string }[];
}

export interface PageDriver {
  /** The page that was reached last. */
  readonly page: PageView;
  /** Where the browser was sent that the driver does not follow: the app's redirect URI. */
  readonly left: URL | undefined;
  open(url: string): Promise<PageView>;
  /** Fills in the form that has all these fields (the first, without fields) and presses its button. */
  submit(values?: Readonly<Record<string, string>>, button?: string): Promise<PageView>;
  /** Presses the button with this text, in whichever form it is. */
  press(button: string): Promise<PageView>;
  follow(link: string): Promise<PageView>;
  /** Cookies by origin, as a browser would keep them. */
  readonly cookies: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * Walks server-rendered pages with fetch: keeps cookies by host and port, follows redirects, posts forms. It never
 * visits hosts other than those of `stayOn` (`localhost:4000`; without it, the host that was opened first) but notes
 * in `left` where it was sent. So a test can walk the simulator's pages without a product behind the redirect URI, and
 * with one by naming both hosts.
 */
export function createPageDriver({ stayOn }: { stayOn?: readonly string[] } = {}): PageDriver {
  const cookies = new Map<string, Map<string, string>>();
  let hosts = stayOn;
  let page: PageView | undefined;
  let left: URL | undefined;

  const visit = async (address: string, init: { method?: string; body?: URLSearchParams } = {}): Promise<PageView> => {
    let url = new URL(address);
    let request = init;
    left = undefined;
    hosts ??= [url.host];
    for (let redirects = 0; redirects < 20; redirects += 1) {
      if (!hosts.includes(url.host)) {
        left = url;
        page = viewOf(url.href, 0, '');
        return page;
      }
      const headers = { cookie: cookieHeader(cookies, url) };
      const response = await fetch(url, { ...request, redirect: 'manual', headers });
      keepCookies(cookies, url, response.headers.getSetCookie());
      const location = response.headers.get('location');
      if (location === null || response.status < 300 || response.status > 399) {
        page = viewOf(url.href, response.status, await response.text());
        return page;
      }
      await response.body?.cancel();
      url = new URL(location, url);
      request = {};
    }
    throw new Error('More than 20 redirects');
  };

  const current = (): PageView => {
    if (!page) throw new Error('No page is open');
    return page;
  };

  const send = (
    form: PageForm,
    values: Readonly<Record<string, string>>,
    pressed?: { name: string; value: string },
  ) => {
    const body = new URLSearchParams({ ...form.fields, ...values });
    if (pressed?.name) body.set(pressed.name, pressed.value);
    const action = new URL(form.action || current().url, current().url);
    if (form.method === 'post') return visit(action.href, { method: 'POST', body });
    action.search = body.toString();
    return visit(action.href);
  };

  return {
    cookies,
    get page() {
      return current();
    },
    get left() {
      return left;
    },
    open: (url) => visit(url),

    submit(values = {}, button) {
      const names = Object.keys(values);
      const form = current().forms.find((candidate) => names.every((name) => candidate.inputs.includes(name)));
      if (!form) throw new Error(`No form with ${names.join(', ')} on "${current().title}": ${current().text}`);
      const pressed = form.buttons.find(({ text }) => button === undefined || text.includes(button));
      return send(form, values, pressed);
    },

    press(button) {
      for (const form of current().forms) {
        const pressed = form.buttons.find(({ text }) => text.includes(button));
        if (pressed) return send(form, {}, pressed);
      }
      throw new Error(`No button "${button}" on "${current().title}": ${current().text}`);
    },

    follow(link) {
      const found = current().links.find(({ text }) => text.includes(link));
      if (!found) throw new Error(`No link "${link}" on "${current().title}": ${current().text}`);
      return visit(new URL(found.href, current().url).href);
    },
  };
}

function cookieHeader(cookies: ReadonlyMap<string, ReadonlyMap<string, string>>, url: URL): string {
  return [...(cookies.get(url.host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
}

function keepCookies(cookies: Map<string, Map<string, string>>, url: URL, lines: readonly string[]): void {
  const jar = cookies.get(url.host) ?? new Map<string, string>();
  cookies.set(url.host, jar);
  for (const line of lines) {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf('='));
    const expired = attributes.some((attribute) => /^(max-age=0|expires=Thu, 01 Jan 1970)/i.test(attribute));
    if (expired) jar.delete(name);
    else jar.set(name, pair.slice(pair.indexOf('=') + 1));
  }
}

function viewOf(url: string, status: number, html: string): PageView {
  const forms = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, tag = '', content = '']) =>
    formOf(tag, content),
  );
  const links = [...html.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a>/g)].map(([, tag = '', content = '']) => ({
    text: wordsOf(content),
    href: attribute(tag, 'href'),
  }));
  const body = /<body[^>]*>([\s\S]*)<\/body>/.exec(html)?.[1] ?? html;
  const title = unescapeHtml(/<title>([\s\S]*?)<\/title>/.exec(html)?.[1] ?? '');
  return { url, status, title, html, text: wordsOf(body), forms, links };
}

function formOf(tag: string, content: string): PageForm {
  const fields: Record<string, string> = {};
  const inputs: string[] = [];
  for (const [, input = ''] of content.matchAll(/<input\b([^>]*)>/g)) {
    const name = attribute(input, 'name');
    const type = attribute(input, 'type');
    const isBox = type === 'checkbox' || type === 'radio';
    if (!isBox || /\schecked\b/.test(input)) fields[name] = attribute(input, 'value');
    if (type !== 'hidden') inputs.push(name);
  }
  const buttons = [...content.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/g)].map(
    ([, button = '', words = '']) => ({
      text: wordsOf(words),
      name: attribute(button, 'name'),
      value: attribute(button, 'value'),
    }),
  );
  return {
    action: attribute(tag, 'action'),
    method: attribute(tag, 'method').toLowerCase() || 'get',
    fields: Object.fromEntries(Object.entries(fields).filter(([name]) => name !== '')),
    inputs,
    buttons,
  };
}

function attribute(tag: string, name: string): string {
  return unescapeHtml(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
}

function wordsOf(markup: string): string {
  const text = markup.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]+>/g, ' ');
  return unescapeHtml(text).replace(/\s+/g, ' ').trim();
}

function unescapeHtml(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
