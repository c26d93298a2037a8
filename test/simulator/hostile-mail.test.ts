import { describe, expect, it } from 'vitest';
import { describeMail } from '../../simulator/graph/describe-mail.ts';
import { textFromHtml } from '../../simulator/mail/convert-body.ts';
import { readMime } from '../../simulator/mail/read-mime.ts';
import { cpuMilliseconds } from '../support/cpu-time.ts';
import { htmlBombs } from '../support/html-bombs.ts';

const HEADERS = 'From: a@example.org\r\nTo: b@example.org\r\nSubject: Hello\r\n';
/** Milliseconds of CPU for a megabyte: what is quadratic needs minutes. */
const BUDGET_MS = 4_000;

describe('the simulator', () => {
  it.each(Object.entries(htmlBombs))('takes in and shows a megabyte of HTML within its budget: %s', async (_, bomb) => {
    const before = process.threadCpuUsage();
    const mail = await readMime(Buffer.from(`${HEADERS}Content-Type: text/html\r\n\r\n${bomb(1_000_000)}`));
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(BUDGET_MS);
    expect(mail.subject).toBe('Hello');
    expect(cpuMilliseconds(() => describeMail(mail, new Date()))).toBeLessThan(BUDGET_MS);
    let text = '';
    expect(cpuMilliseconds(() => (text = textFromHtml(mail.html ?? '')))).toBeLessThan(BUDGET_MS);
    expect(text.length).toBeLessThan(2_100_000);
  });

  it.each([
    ['UTF-7', 'Subject: =?utf-7?Q?Gr+APwA3w-e_=2B-_1?=', 'Grüße + 1'],
    ['UTF-7 in base64', 'Subject: =?UNICODE-1-1-UTF-7?B?R3IrQVB3QTN3LWU=?=', 'Grüße'],
    ['HZ', 'Subject: =?HZ-GB-2312?Q?a=7E=7E_=7E{VPND=7E}?=', 'a~ 中文'],
    ['Latin-1 as it is', 'Subject: Gr\xfc\xdfe aus M\xfcnchen', 'Grüße aus München'],
    ['the charset of the text', 'Content-Type: text/plain; charset="gb2312"\r\nSubject: \xd6\xd0\xce\xc4', '中文'],
    ['UTF-8 beside Latin-1', 'X-Name: M\xfcnchen\r\nSubject: M\xc3\xbcnchen', 'München'],
    ['line breaks', 'Subject: =?utf-8?Q?One=0D=0ABcc:_x=00?=', 'One Bcc: x'],
    ['a carriage return', 'Subject: One\rX-Two: three', 'One X-Two: three'],
  ])('shows a subject in %s', async (_, header, subject) => {
    const mail = await readMime(Buffer.from(`From: a@example.org\r\n${header}\r\n\r\nHello`, 'latin1'));
    expect(mail).toMatchObject({ subject, text: 'Hello', from: { address: 'a@example.org' } });
    expect(mail.headers.map(({ name }) => name)).not.toContain('X-Two');
  });

  it.each([
    ['utf-7', 'Gr+APwA3w-e', 'Grüße'],
    ['HZ-GB-2312', '~{VPND~} is Chinese ~~', '中文 is Chinese ~'],
  ])('shows a text in %s', async (charset, text, shown) => {
    for (const type of ['plain', 'html']) {
      const mail = `${HEADERS}Content-Type: text/${type}; charset="${charset}"\r\n\r\n${text}`;
      expect(await readMime(Buffer.from(mail))).toMatchObject({ [type === 'html' ? 'html' : 'text']: shown });
    }
  });

  it.each([
    ['utf-7', '7bit', 'Gr+APwA3w-e', 'Grüße'],
    ['"unicode-1-1-utf-7"', 'quoted-printable', 'Gr=2BAPwA3w-=\r\ne', 'Grüße'],
    ['hz-gb-2312', 'base64', Buffer.from('~{VPND~} ~~').toString('base64'), '中文 ~'],
  ])('shows texts in %s by %s inside of a mail of many parts', async (charset, encoding, body, shown) => {
    const head = (type: string) =>
      `--inner\r\nContent-Type: ${type};\r\n\tcharset=${charset}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
    const mail = [
      'Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer',
      'Content-Type: multipart/alternative; boundary=inner\r\n',
      `${head('text/plain')}${body}`,
      `${head('text/html')}${body}`,
      '--inner--',
      '--outer\r\nContent-Type: text/plain; charset=utf-7; name=raw.txt\r\nContent-Disposition: attachment\r\n',
      'Gr+APwA3w-e',
      '--outer--\r\n',
    ].join('\r\n');
    const read = await readMime(Buffer.from(HEADERS + mail, 'latin1'));
    expect([read.text?.trim(), read.html?.trim()]).toEqual([shown, shown]);
    // A file stays what it is.
    expect(read.attachments.map(({ name, content }) => [name, `${content}`])).toEqual([['raw.txt', 'Gr+APwA3w-e']]);
  });

  it.each([
    ['UTF-8 that says ASCII', 'text/plain; charset=us-ascii', 'Gr\xc3\xbc\xc3\x9fe', 'Grüße'],
    ['Latin-1 that says ASCII', 'text/html; charset="us-ascii"', 'Gr\xfc\xdfe', 'Grüße'],
    [
      'a page that names its charset',
      'text/html',
      '<meta charset="koi8-r">\xfa\xc1\xcb\xc1\xda',
      '<meta charset="koi8-r">Заказ',
    ],
    [
      'a page that names none',
      'text/html; charset=us-ascii',
      '<meta charset=nope>Gr\xfc\xdfe',
      '<meta charset=nope>Grüße',
    ],
    [
      'a page that names another',
      'text/html; charset=utf-8',
      '<meta charset=koi8-r>\xc3\xbc',
      '<meta charset=koi8-r>ü',
    ],
  ])('shows %s, alone and among parts', async (_, type, body, shown) => {
    const part = `Content-Type: ${type}\r\n\r\n${body}`;
    for (const form of [part, `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${part}\r\n--b--\r\n`]) {
      const { text, html } = await readMime(Buffer.from(HEADERS + form, 'latin1'));
      expect((html ?? text)?.trim()).toBe(shown);
    }
  });

  it('shows all there is of a mail whose parts cannot be found', async () => {
    for (const type of ['multipart/mixed', 'multipart/mixed; boundary=b', 'multipart/mixed; boundary=""']) {
      expect((await readMime(Buffer.from(`${HEADERS}Content-Type: ${type}\r\n\r\nAll there is`))).text).toBe(
        'All there is',
      );
    }
    const empty = `${HEADERS}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n--b--\r\n`;
    expect((await readMime(Buffer.from(empty))).text).toBeNull();
  });

  it('shows names on one line, whatever stands in them', async () => {
    const from = 'From: "Ann\rSmith" <ann@example.org>\r\nTo: =?utf-8?Q?Bob=0D=0AJones?= <bob@example.org>\r\n';
    const mail = await readMime(Buffer.from(`${from}Subject: Hello\r\n\r\nHello`));
    expect(mail.from).toEqual({ name: 'Ann Smith', address: 'ann@example.org' });
    expect(mail.to).toEqual([{ name: 'Bob Jones', address: 'bob@example.org' }]);
    expect(mail.headers[0]).toEqual({ name: 'From', value: '"Ann Smith" <ann@example.org>' });
  });

  it.each(['\r\n', '\n'])('shows text parts with names as attachments, behind the body (%j)', async (newline) => {
    const lines = [
      'Content-Type: multipart/mixed;\n\tboundary="the edge"\n\n--the edge',
      'Content-Type: multipart/alternative; boundary=inner\n\n--inner\n\nHello\n--inner',
      'Content-Type: text/html; name=body.html\n\n<p>Hello</p>\n--inner--\n--the edge',
      'Content-Type: text/plain; name="notes.txt"\nContent-Disposition: inline\n\nNOTES\n--the edge',
      "Content-Type: text/plain\nContent-Disposition: inline;\n\tfilename*=utf-8''caf%C3%A9.html\n\nCAFE\n--the edge",
      'Content-Type: text/html; name="page.html"\n\nPAGE\n--the edge\n\nFooter\n--the edge--\n',
    ];
    const mail = await readMime(Buffer.from(`${HEADERS}${lines.join('\n')}`.replace(/\r?\n/g, newline)));
    expect(mail.attachments.map(({ name, content }) => [name, content.toString()])).toEqual([
      ['notes.txt', 'NOTES'],
      ['café.html', 'CAFE'],
      ['page.html', 'PAGE'],
    ]);
    expect(mail.text).toBe('Hello\nFooter');
    expect(mail.html).toContain('<p>Hello</p>');
  });

  it('shows names of attachments whatever bytes they are in', async () => {
    const part = (name: string) =>
      `--b\r\nContent-Type: application/pdf; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\nX\r\n`;
    const names = ['Gr\xfc\xdfe.pdf', 'Gr\xc3\xbc\xc3\x9fe.pdf', '=?utf-7?Q?Gr+APwA3w-e.pdf?=', 'One\rTwo.pdf'];
    const head = `${HEADERS}Content-Type: multipart/mixed; boundary=b\r\n\r\n`;
    const mail = await readMime(Buffer.from(`${head}${names.map(part).join('')}--b--\r\n`, 'latin1'));
    const shown = mail.attachments.map(({ name }) => name);
    expect(shown).toEqual(['Grüße.pdf', 'Grüße.pdf', 'Grüße.pdf', 'One Two.pdf']);
  });

  it('has a body although its only text has a name', async () => {
    const named = 'Content-Type: text/plain; name=body.txt\r\nContent-Disposition: inline\r\n\r\nHello';
    const whole = `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${named}\r\n--b--\r\n`;
    for (const form of [named, whole]) {
      expect(await readMime(Buffer.from(HEADERS + form))).toMatchObject({ text: 'Hello', attachments: [] });
    }
  });

  it.each([
    ['boundaries', 'Content-Type: multipart/mixed; boundary=b\n\n', '--b\n'],
    ['named parts', 'Content-Type: multipart/mixed; boundary=b\n\n', '--b\nContent-Type: text/plain; name=a\n\n'],
    ['open HZ', '', '=?hz?Q?~{a~{b~{a~{b?= =?hz?Q?'],
    ['open UTF-7', '', '=?utf-7?Q?+AA'],
    ['HZ in a text', 'Content-Type: text/plain; charset=hz\n\n', '~{a~{b '],
    [
      'parts in HZ',
      'Content-Type: multipart/mixed; boundary=b\n\n',
      '--b\nContent-Type: text/plain; charset=hz\n\n~{a',
    ],
    ['charsets', 'Subject: \xfc\n', 'Content-Type: charset   \n '],
  ])('takes in a megabyte of %s within its budget', async (_, head, part) => {
    const bomb = `${HEADERS}${head}${part.repeat(1_000_000 / part.length)}`;
    const before = process.threadCpuUsage();
    await readMime(Buffer.from(bomb, 'latin1'));
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(BUDGET_MS);
  });

  it('has the text of mail that came only as HTML, in lines and without styles', async () => {
    const html =
      '<style>p{}</style><!--[if mso]><x:y><![endif]--><p>Dear Jo,</p><div>caf&eacute;<br>tea &amp; cake</div>';
    const mail = await readMime(Buffer.from(`${HEADERS}Content-Type: text/html\r\n\r\n${html}`));
    expect(textFromHtml(mail.html ?? '')).toBe('Dear Jo,\r\ncafé\r\ntea & cake');
    expect(describeMail(mail, new Date()).bodyPreview).toBe('Dear Jo,\r\ncafé\r\ntea & cake');
  });
});
