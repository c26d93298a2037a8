import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { parseMime } from '../../api/attachments/parsed/parse-mime.ts';

const latin = (text: string) => Buffer.from(text, 'latin1');
const mailOf = (head: string, body: Uint8Array = Buffer.from('Words')) =>
  Buffer.concat([latin(`${head.replaceAll('\n', '\r\n')}\r\n\r\n`), body]);
const textOf = async (contentType: string, body: Uint8Array) => {
  const encoded = latin(Buffer.from(body).toString('base64'));
  const { text, html } = await parseMime(
    mailOf(`Content-Type: ${contentType}\nContent-Transfer-Encoding: base64`, encoded),
  );
  return html ?? text;
};
const german = 'Schöne Grüße, Übergröße';

describe('the charset of a text', () => {
  it.each([
    ['with junk behind it', '"utf-8; foo"', Buffer.from(german), german],
    ['in single quotes', "'utf-8'", Buffer.from(german), german],
    ['by its name in a database', 'utf8mb4', Buffer.from(german), german],
    ['by the number of a code page', 'cp65001', Buffer.from(german), german],
    ['of 32 bits', 'utf-32', iconv.encode(german, 'utf-32le'), german],
    ['of 7 bits', 'unicode-1-1-utf-7', latin('Gr+APwA3w-e'), 'Grüße'],
    ['of DOS', 'cp437', iconv.encode(`${german} ╔═╗`, 'cp437'), `${german} ╔═╗`],
    ['of DOS as IBM names it', 'IBM00858', iconv.encode('12 €, Größe', 'cp858'), '12 €, Größe'],
    ['of a Mac', 'x-mac-roman', iconv.encode(german, 'macroman'), german],
    ['of a Mac in Greece', 'x-mac-greek', iconv.encode('Καλημέρα', 'macgreek'), 'Καλημέρα'],
    ['of a Mac in Poland', 'x-mac-ce', iconv.encode('Zażółć', 'maccenteuro'), 'Zażółć'],
    ['of Korea, with shifts', 'iso-2022-kr', latin('\x1b$)C\n\x0e>H3gGO<<?d\x0f \x0eAV9.\x0f'), '\n안녕하세요 주문'],
    ['of Korea, with all its syllables', 'ks_c_5601-1987', iconv.encode('안녕 뷁', 'cp949'), '안녕 뷁'],
    ['of Hong Kong', 'big5-hkscs', iconv.encode('你好，啲嘢', 'big5hkscs'), '你好，啲嘢'],
    ['of Japan, as Microsoft numbers it', 'cp50220', latin('\x1b$B$3$s\x1b(B'), 'こん'],
    ['that it is not: ASCII', 'us-ascii', latin(german), german],
    ['that it is not: Latin-1', 'iso-8859-1', Buffer.from(german), german],
    ['that it is not: UTF-8', 'utf-8', latin(german), german],
    ['that it is not: 16 bits', 'utf-8', Buffer.from(german, 'utf16le'), german],
    ['with an unknown name', 'x-made-up', latin(german), german],
    [
      'with an unknown name, in Cyrillic',
      'unknown-8bit',
      iconv.encode('Заказ не пришёл', 'win1251'),
      'Заказ не пришёл',
    ],
    ['that is no charset', 'base64', latin(german), german],
  ])('%s', async (_, charset, bytes, text) => {
    expect(await textOf(`text/plain; charset=${charset}`, bytes)).toBe(text);
    expect(await textOf(`text/html; charset=${charset}`, bytes)).toBe(text);
  });

  it('is Latin-1 where Latin-1 is declared, whatever else it could be', async () => {
    expect(await textOf('text/plain; charset=iso-8859-1', latin('\xdc \xd6\xe4\xfc \xdf'))).toBe('Ü Öäü ß');
    expect(await textOf('text/plain; charset=iso-8859-1', latin('price \x80 5'))).toBe('price € 5');
  });

  it('keeps what is whole of UTF-8 that was cut', async () => {
    expect(await textOf('text/plain; charset=utf-8', Buffer.from(german).subarray(0, -1))).toBe(german.slice(0, -1));
    expect(await textOf('text/plain; charset=utf-8', latin('Gr\xc3\xbc\xc3\x9fe \xc3'))).toBe('Grüße \ufffd');
  });

  it('is the one that a page names where the mail names none', async () => {
    const page = '<meta charset="windows-1251"><p>Заказ';
    for (const type of ['text/html', 'text/html; charset=us-ascii']) {
      expect(await textOf(type, iconv.encode(page, 'win1251'))).toBe(page);
    }
    const other = page.replace('1251', '1250');
    expect(await textOf('text/html; charset=windows-1251', iconv.encode(other, 'win1251'))).toBe(other);
    expect(await textOf('text/html', Buffer.from('<meta charset=utf-16><p>Ü'))).toBe('<meta charset=utf-16><p>Ü');
  });
});

describe('headers', () => {
  it.each([
    ['an encoded word of a Mac', '=?x-mac-roman?Q?Gr=9F=A7e?= a', 'Grüße a'],
    ['encoded words of DOS', '=?cp850?B?R3KB4WU=?= =?cp850?Q?_=84?=', 'Grüße ä'],
    ['an encoded word of 7 bits', '=?unicode-1-1-utf-7*de?Q?Gr+APwA3w-e?=', 'Grüße'],
    ['an encoded word that is not ASCII', '=?us-ascii?Q?Gr=FC=DFe?=', 'Grüße'],
    ['an encoded word in an unknown charset', '=?nope?Q?Gr=C3=BC=C3=9Fe?=', 'Grüße'],
    ['a character between two words', '=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?=', 'Grüße'],
    ['a shift between two words', '=?iso-2022-jp?B?GyRCJDMkcw==?= =?iso-2022-jp?B?GyRCJEskQRsoQg==?=', 'こんにち'],
    ['bytes of Latin-1', 'Gr\xfc\xdfe', 'Grüße'],
    ['bytes of UTF-8', 'Gr\xc3\xbc\xc3\x9fe', 'Grüße'],
  ])('show %s', async (_, written, shown) => {
    const { subject, from, attachments } = await parseMime(
      mailOf(
        `From: ${written} <a@x.example>\nSubject: ${written}\nContent-Type: application/pdf; name="${written}"\n` +
          'Content-Disposition: attachment',
      ),
    );
    expect(subject).toBe(shown);
    expect(from).toEqual({ name: shown, address: 'a@x.example' });
    expect(attachments[0]?.filename).toBe(shown);
  });

  it('have the charset of the text', async () => {
    const subject = latin('Subject: ').toString('latin1') + iconv.encode('Заказ', 'koi8-r').toString('latin1');
    expect(await parseMime(mailOf(`${subject}\nContent-Type: text/plain;\n charset=koi8-r`))).toMatchObject({
      subject: 'Заказ',
    });
  });

  it.each([
    ['whole', "filename*=x-mac-roman''Gr%9F%A7e%27s.pdf", "Grüße's.pdf"],
    ['with a language', "filename*=cp850'de'Gr%81%E1e.pdf", 'Grüße.pdf'],
    ['in sections', "filename*0*=cp850''Gr%81;\n filename*1*=%E1e%20;\n filename*2=a.pdf", 'Grüße a.pdf'],
    ['of UTF-8, divided within a character', "filename*0*=utf-8''%E6%B3; filename*1*=%A8.pdf", '注.pdf'],
  ])('name a file, %s', async (_, parameter, name) => {
    const { attachments } = await parseMime(mailOf(`Content-Disposition: attachment; ${parameter}`));
    expect(attachments[0]?.filename).toBe(name);
  });

  it('become no other headers', async () => {
    const utf16 = Buffer.from('\ufeffFrom: boss@x.example', 'utf16le').toString('latin1');
    const { from, headers } = await parseMime(
      mailOf(
        `${utf16}\nFrom: a@x.example\nSubject: =?utf-7?Q?+AA0ACg-Cc:_b@x.example?=\nContent-Type: text/plain; charset=utf-16`,
      ),
    );
    expect(from?.address).toBe('a@x.example');
    expect(headers.map(({ key }) => key)).not.toContain('cc');
  });

  it('of more than a megabyte are left out from there on', async () => {
    const many = 'X-Long: '.padEnd(900, 'x').concat('\n').repeat(1_300);
    expect(await parseMime(mailOf(`Subject: Long\n${many}X-Last: 1`))).toMatchObject({
      subject: 'Long',
      text: 'Words\n',
    });
    expect(await parseMime(latin(`Subject: Long\n${many}X-Last: 1`))).toMatchObject({ subject: 'Long' });
  });
});

describe('a text', () => {
  const parts = (boundary: string) =>
    latin(`Before\n--${boundary}\nContent-Type: text/plain\n\nInside\n--${boundary}--\n`);

  it('is found in parts whose boundary is not named', async () => {
    for (const boundary of ['abc', '----=_NextPart_1']) {
      expect(await parseMime(mailOf('Content-Type: multipart/mixed', parts(boundary)))).toMatchObject({
        text: 'Inside\n',
      });
    }
  });

  it('is shown with all there is where no boundary comes', async () => {
    for (const type of ['multipart/mixed; boundary=zzz', 'multipart/alternative; boundary=""']) {
      const { text } = await parseMime(mailOf(`Content-Type: ${type}`, latin('All there is.\n-- \n-----\nOlga')));
      expect(text).toBe('All there is.\n-- \n-----\nOlga\n');
    }
  });

  it('is read in parts a hundred deep, and as it is written where it is deeper', async () => {
    const nested = (depth: number) =>
      latin(
        `${Array.from({ length: depth }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}.\n\n--b${n}.\n`).join(
          '',
        )}\ninnermost`,
      );
    expect((await parseMime(nested(60))).text).toBe('innermost\n');
    const { text } = await parseMime(nested(120));
    expect(text).toMatch(/^--b100\.\nContent-Type: multipart\/mixed; boundary=b101(?:.|\n)*\ninnermost\n$/);
  });

  it('has lines, however they end', async () => {
    expect(await parseMime(latin('Subject: a\r\rone\rtwo'))).toMatchObject({ subject: 'a', text: 'one\ntwo\n' });
    expect((await parseMime(latin('Subject: a\r\n\r\none\rtwo\r\nthree\0'))).text).toBe('one\ntwo\nthree\ufffd\n');
  });

  it.each([
    [
      '',
      'A paragraph \nof lines.\n\n> quoted \n> words\n>> deeper \n> words\n From here\n-- \nOlga',
      ['A paragraph of lines.', '', '> quoted words', '>> deeper ', '> words', 'From here', '-- ', 'Olga'],
    ],
    ['; delsp=yes', 'これは \n長い \n文です。', ['これは長い文です。']],
  ])('that flows is joined%s', async (parameter, written, lines) => {
    const type = `text/plain; charset=utf-8; format=flowed${parameter}`;
    expect(await textOf(type, Buffer.from(written))).toBe(lines.join('\n'));
  });
});

it('takes linear time', async () => {
  const size = 1_000_000;
  const bombs = [
    `Content-Type: multipart/mixed\n\n${'--a\n'.repeat(size / 20)}`,
    `Content-Type: ${'multipart/mixed; boundary=a\n '.repeat(size / 60)}\n\n${'--b\n'.repeat(size / 40)}`,
    `Content-Type: text/html\n\n${'<meta '.repeat(size / 6)}`,
    `Content-Type: text/plain; format=flowed\n\n${'> \n>> \n'.repeat(size / 70)}`,
    `Content-Type: text/plain; charset=utf-7\n\n${'+'.repeat(size)}`,
    `Content-Type: text/plain; charset=iso-2022-kr\n\n${'\x0e\x0f'.repeat(size / 2)}`,
    `Subject: ${'=?a?Q?'.repeat(150_000)}\n\n`,
    `Content-Disposition: attachment; ${"filename*0*=a''".repeat(60_000)}\n\n`,
    `${'Content-Type: a\n'}${'content-type: charset\n '.repeat(40_000)}\n\n`,
  ];
  for (const bomb of bombs) {
    const before = process.threadCpuUsage();
    await parseMime(latin(bomb)).catch(() => {});
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1_000, bomb.slice(0, 60)).toBeLessThan(4_000);
  }
});
