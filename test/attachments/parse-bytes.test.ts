import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { X509CertificateGenerator } from '@peculiar/x509';
import { OctetString } from 'asn1js';
import {
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedData,
  SignerInfo,
} from 'pkijs';
import { describe, expect, it, vi } from 'vitest';
import { type BytesToParse, parseBytes, partOf } from '../../api/attachments/parsed/parse-bytes.ts';

const own = (name: string) => readFileSync(new URL(`mails/${name}.eml`, import.meta.url));
const real = (name: string) => readFileSync(new URL(`../mail/${name}.eml`, import.meta.url));
const parse = (bytes: Uint8Array, more: Partial<BytesToParse> = {}) =>
  parseBytes({ bytes, form: 'message', isSpecial: true, place: [], ...more });
const calendar = (...lines: readonly string[]) =>
  Buffer.from(['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n'));
const event = (...lines: readonly string[]) =>
  calendar('METHOD:REQUEST', 'BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT');
const invitation = (bytes: Uint8Array) => parse(bytes, { form: 'invitation' });

describe('an attached mail', () => {
  it('opens as a mail, and so does what is attached to it', async () => {
    const outer = await parse(own('attached-message'));
    expect(outer).toMatchObject({ kind: 'message', attachments: [{ part: '0', name: 'forwarded.eml' }] });
    const inner = await partOf(own('attached-message'), [0]);
    expect(await parse(inner?.bytes ?? Buffer.alloc(0), { place: [0] })).toMatchObject({
      kind: 'message',
      subject: 'Inner mail with file',
      from: { address: 'inner@x.example' },
      text: expect.stringContaining('inner text'),
      attachments: [{ part: '0.0', name: 'inner.pdf', size: 1 }],
    });
    expect((await partOf(own('attached-message'), [0, 0]))?.bytes).toEqual(new Uint8Array(Buffer.from('x')));
    expect(await partOf(own('attached-message'), [0, 1])).toBeUndefined();
  });

  it('without any headers, or of no bytes, is a mail without anything', async () => {
    expect(await parse(Buffer.alloc(0))).toMatchObject({ kind: 'message', subject: '', attachments: [] });
    expect(await parse(Buffer.from('\r\n\r\njust text'))).toMatchObject({ kind: 'message' });
  });
});

describe('the limits of a mail', () => {
  const mailOf = (parts: readonly string[]) =>
    Buffer.from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${parts.join('\r\n--b\r\n')}\r\n--b--`);

  it('shows 250 parts, and HTML of four million characters', async () => {
    const parts = Array.from({ length: 251 }, () => 'Content-Disposition: attachment\r\n\r\nx');
    const message = await parse(mailOf(parts), { isSpecial: false });
    expect(message?.kind === 'message' && message.attachments.length).toBe(250);
    const html = (length: number) => Buffer.from(`Content-Type: text/html\r\n\r\n${'x'.repeat(length)}`);
    expect(await parse(html(3_999_000), { isSpecial: false })).toMatchObject({ html: expect.any(String) });
    expect(await parse(html(4_000_001), { isSpecial: false })).toMatchObject({ html: null, text: expect.any(String) });
  });

  it('unfolds the people of a group', async () => {
    const to = 'To: Team: Ada <ada@x.example>, bob@x.example;, carla@x.example\r\n\r\nx';
    expect(await parse(Buffer.from(to))).toMatchObject({
      to: [{ name: 'Ada', address: 'ada@x.example' }, { address: 'bob@x.example' }, { address: 'carla@x.example' }],
    });
  });
});

describe('an invitation', () => {
  it('in a mail shows time, summary and organiser', async () => {
    expect(await parse(own('invitation'))).toMatchObject({
      kind: 'invitation',
      method: 'REQUEST',
      summary: 'Visit of the technician',
      organizer: { address: 'tech@x.example' },
      attendees: [{ address: 'help@contoso.example', response: null, isOptional: false }],
      start: { at: '2026-12-01T10:00:00.000Z', zone: null },
      end: { at: '2026-12-01T11:00:00.000Z' },
      isAllDay: false,
      recurrence: null,
    });
  });

  it.each([
    ['by its name', 'Europe/Berlin', []],
    ['by its name in Windows', 'W. Europe Standard Time', []],
    ['by that name in other letters, with blanks', ' w. europe standard time', []],
    ['by the end of a path', '/mozilla.org/20050126_1/Europe/Berlin', []],
    [
      'by the definition in the file',
      'W. Europe Standard Time',
      [
        'BEGIN:VTIMEZONE',
        'TZID:W. Europe Standard Time',
        'BEGIN:STANDARD',
        'DTSTART:16010101T030000',
        'TZOFFSETFROM:+0200',
        'TZOFFSETTO:+0100',
        'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
        'END:STANDARD',
        'BEGIN:DAYLIGHT',
        'DTSTART:16010101T020000',
        'TZOFFSETFROM:+0100',
        'TZOFFSETTO:+0200',
        'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
        'END:DAYLIGHT',
        'END:VTIMEZONE',
      ],
    ],
  ])('has its time in its zone, known %s', async (_how, zone, definition) => {
    const bytes = calendar(
      ...definition,
      'BEGIN:VEVENT',
      'UID:1',
      `DTSTART;TZID="${zone}":20260701T100000`,
      'DURATION:PT90M',
      'END:VEVENT',
    );
    expect(await invitation(bytes)).toMatchObject({
      start: { at: '2026-07-01T08:00:00.000Z', local: '2026-07-01T10:00:00', zone },
      end: { at: '2026-07-01T09:30:00.000Z', local: '2026-07-01T11:30:00' },
    });
  });

  it('of an unknown zone, or none, has its local time alone', async () => {
    expect(await invitation(event('DTSTART;TZID=Nowhere:20260701T100000'))).toMatchObject({
      start: { at: null, local: '2026-07-01T10:00:00', zone: 'Nowhere' },
    });
    expect(await invitation(event('DTSTART:20260701T100000'))).toMatchObject({ start: { at: null, zone: null } });
  });

  it('of a whole day is one', async () => {
    expect(await invitation(event('DTSTART;VALUE=DATE:20260701'))).toMatchObject({
      isAllDay: true,
      start: { at: null, local: '2026-07-01' },
    });
  });

  it('that repeats says how', async () => {
    const found = await invitation(
      event('DTSTART:20260701T100000Z', 'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20261231T000000Z'),
    );
    expect(found).toMatchObject({
      recurrence: { frequency: 'WEEKLY', interval: 2, days: ['MO', 'WE'], until: '2026-12-31T00:00:00.000Z' },
    });
  });

  it('that repeats says when it does not, in order, whatever form the dates have', async () => {
    const found = await invitation(
      event(
        'DTSTART;TZID=Europe/Berlin:20261201T100000',
        'RRULE:FREQ=WEEKLY',
        'EXDATE;TZID=W. Europe Standard Time:20261222T100000,20261208T100000',
        'EXDATE;VALUE=DATE:20261229',
      ),
    );
    const zone = 'W. Europe Standard Time';
    expect(found).toMatchObject({
      recurrence: {
        except: [
          { at: '2026-12-08T09:00:00.000Z', local: '2026-12-08T10:00:00', zone },
          { at: '2026-12-22T09:00:00.000Z', local: '2026-12-22T10:00:00', zone },
          { at: null, local: '2026-12-29', zone: null },
        ],
      },
    });
    const often = Array.from({ length: 300 }, (_, day) => `EXDATE:${20270000 + 101 + day}T100000Z`);
    const parsed = await invitation(event('DTSTART:20261201T100000Z', 'RRULE:FREQ=DAILY', ...often));
    expect(parsed).toMatchObject({ recurrence: { except: { length: 260 } } });
  });

  it('says what the sender of an answer or of another time adds', async () => {
    const comments = ['COMMENT:Tuesday does not suit me\\, Wednesday would.', 'COMMENT: ', 'COMMENT:Ada'];
    expect(await invitation(event('DTSTART:20261201T100000Z', ...comments))).toMatchObject({
      comment: 'Tuesday does not suit me, Wednesday would.\nAda',
    });
    expect(await invitation(event('DTSTART:20261201T100000Z'))).toMatchObject({ comment: '', replaces: null });
  });

  it('to one date of a series names the date that it replaces', async () => {
    const found = await invitation(event('RECURRENCE-ID:20261208T100000Z', 'DTSTART:20261209T130000Z'));
    expect(found).toMatchObject({ replaces: { at: '2026-12-08T10:00:00.000Z' }, recurrence: null });
  });

  it('of a series is the series, where a changed date of it comes first', async () => {
    const changed = ['BEGIN:VEVENT', 'UID:1', 'RECURRENCE-ID:20260708T100000Z', 'SUMMARY:Once', 'END:VEVENT'];
    const series = ['BEGIN:VEVENT', 'UID:1', 'SUMMARY:Weekly', 'RRULE:FREQ=WEEKLY', 'END:VEVENT'];
    expect(await invitation(calendar(...changed, ...series))).toMatchObject({ summary: 'Weekly' });
    expect(await invitation(calendar(...changed))).toMatchObject({ summary: 'Once' });
  });

  it.each([
    ['20261231', '2026-12-31T00:00:00.000Z'],
    ['20261231T120000', '2026-12-31T12:00:00.000Z'],
  ])('that repeats until %s ends then, whatever the time zone of this machine', async (until, end) => {
    vi.stubEnv('TZ', 'America/New_York');
    const found = await invitation(event('DTSTART:20260701T100000', `RRULE:FREQ=DAILY;UNTIL=${until}`));
    vi.unstubAllEnvs();
    expect(found).toMatchObject({ recurrence: { until: end } });
  });

  it('shows answers, optional guests, and links of https alone', async () => {
    const found = await invitation(
      event(
        'DTSTART:20260701T100000Z',
        'ORGANIZER;CN="Ada L.":MAILTO:ada@example.org',
        'ATTENDEE;CN=Bob;PARTSTAT=DECLINED;ROLE=OPT-PARTICIPANT:mailto:bob@example.org',
        'X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.example/meet',
        'URL:javascript:alert(1)',
      ),
    );
    expect(found).toMatchObject({
      organizer: { name: 'Ada L.', address: 'ada@example.org' },
      attendees: [{ name: 'Bob', address: 'bob@example.org', response: 'DECLINED', isOptional: true }],
      link: 'https://teams.example/meet',
    });
    expect(await invitation(event('URL:javascript:alert(1)'))).toMatchObject({ link: null });
  });

  it.each([
    'RRULE:FREQ=SOMETIMES',
    'RRULE:FREQ=DAILY;UNTIL=never',
    'DURATION:forever',
    'no line at all',
    'ATTENDEE;CN="A:b',
  ])('shows what can be read of it beside %s', async (broken) => {
    expect(await invitation(event('DTSTART:20260701T100000Z', broken))).toMatchObject({
      start: { at: '2026-07-01T10:00:00.000Z' },
      recurrence: null,
      end: null,
    });
  });

  it('that is cut off, or followed by another, is shown', async () => {
    const whole = Buffer.from(event('DTSTART:20260701T100000Z')).toString();
    const start = { at: '2026-07-01T10:00:00.000Z' };
    expect(await invitation(Buffer.from(whole.slice(0, whole.indexOf('END:VEVENT'))))).toMatchObject({ start });
    expect(await invitation(Buffer.from(whole + whole))).toMatchObject({ start });
  });

  it('has no instant by a zone whose definition says nothing, or would take forever', async () => {
    const standard = (...lines: string[]) => ['BEGIN:STANDARD', 'DTSTART:16010101T000000', ...lines, 'END:STANDARD'];
    const offsets = ['TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200'];
    for (const rules of [[], standard(), standard(...offsets, 'RRULE:FREQ=SECONDLY')]) {
      const zone = ['BEGIN:VTIMEZONE', 'TZID:Odd', ...rules, 'END:VTIMEZONE'];
      const bytes = calendar(...zone, 'BEGIN:VEVENT', 'DTSTART;TZID=Odd:20260701T100000', 'END:VEVENT');
      expect(await invitation(bytes)).toMatchObject({ start: { at: null, local: '2026-07-01T10:00:00', zone: 'Odd' } });
    }
    expect(await invitation(event('DTSTART:20260701T100000Z', 'DURATION:P99999999999W'))).toMatchObject({ end: null });
  });

  it('without an event is none', async () => {
    expect(await invitation(calendar())).toBeUndefined();
    expect(await invitation(Buffer.from('no calendar'))).toBeUndefined();
  });
});

describe('a report', () => {
  it.each([
    ['flanker--bounce-office365', 'noname@example.com', 'failed', '5.1.10', 'mailbox-unknown'],
    ['flanker--bounce-mailbox-full', 'user@aol.com', 'failed', '5.2.2', 'mailbox-full'],
    ['enmime--delayed_dsn', 'thomas@de-montfort.ac.uk', 'delayed', '4.0.0', 'other'],
  ])('says what became of a mail: %s', async (name, address, action, status, reason) => {
    expect(await parse(real(name))).toMatchObject({
      kind: 'report',
      type: 'delivery',
      recipients: [{ address, action, status, reason }],
    });
  });

  it('names the mail that it is about', async () => {
    expect(await parse(real('flanker--bounce-office365'))).toMatchObject({ about: { subject: 'test_bounce 8' } });
  });

  it('of a reader says that the mail was read', async () => {
    const mail = [
      'Subject: Read: Offer',
      'Content-Type: multipart/report; report-type=disposition-notification; boundary=q',
      '',
      '--q',
      'Content-Type: text/plain',
      '',
      'Your message was read.',
      '--q',
      'Content-Type: message/disposition-notification',
      '',
      'Final-Recipient: rfc822;bob@example.org',
      'Original-Message-ID: <1@contoso.example>',
      'Disposition: manual-action/MDN-sent-manually; displayed',
      '--q--',
    ].join('\r\n');
    expect(await parse(Buffer.from(mail))).toMatchObject({
      kind: 'report',
      type: 'read-receipt',
      recipients: [{ address: 'bob@example.org', action: 'displayed', reason: null }],
      about: { messageId: '<1@contoso.example>' },
    });
  });

  it('that returns headers in the form for international mail names their subject', async () => {
    const mail = [
      'Content-Type: multipart/report; report-type=delivery-status; boundary=q',
      '',
      '--q',
      'Content-Type: message/global-delivery-status',
      '',
      'Reporting-MTA: dns; mx.example',
      ' \t',
      'Final-Recipient: utf-8; j\\x{F6}rg@example.net',
      'Action: Failed(unknown)',
      'Diagnostic-Code: smtp; 550 5.1.1 from [5.2.2.17]: unknown',
      '   ',
      'Final-Recipient: rfc822; two@example.net',
      'Action: delayed',
      'Status: 4.4.7',
      '--q',
      'Content-Type: message/global-headers',
      '',
      'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
      'Message-ID: <1@contoso.example>',
      '--q--',
    ].join('\r\n');
    expect(await parse(Buffer.from(mail))).toMatchObject({
      recipients: [
        { address: 'jörg@example.net', action: 'failed', status: '5.1.1', reason: 'mailbox-unknown' },
        { address: 'two@example.net', action: 'delayed', status: '4.4.7', reason: 'expired' },
      ],
      about: { subject: 'Grüße', messageId: '<1@contoso.example>' },
    });
  });

  it.each([
    ['5.0.0', 'smtp; 550 from [5.2.2.17]: no', '5.0.0'],
    ['5.0.0', 'smtp; 552 5.2.2 mailbox full', '5.2.2'],
    ['', 'smtp; 552-5.2.2. Mailbox full', '5.2.2'],
    ['', 'smtp; host 10.5.2.2 said no', null],
    ['5.1.1 (unknown)', 'smtp; 552 5.2.2 mailbox full', '5.1.1'],
  ])('of status %j and diagnostic %j has the code %j', async (status, diagnostic, code) => {
    const text = `Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: ${status}\nDiagnostic-Code: ${diagnostic}\n`;
    expect(await parse(Buffer.from(text), { form: 'delivery-status' })).toMatchObject({
      recipients: [{ status: code }],
    });
  });

  it.each([
    ['X-Postfix; Das Postfach des Empfängers ist voll', 'mailbox-full'],
    ['smtp; 550 Unbekannter Empfänger', 'mailbox-unknown'],
    ['smtp; 550 Die Adresse a@b.example existiert bei uns nicht', 'mailbox-unknown'],
    ['smtp; 552 Nachricht zu groß', 'too-large'],
    ['smtp; 554 Das Konto ist gesperrt', 'mailbox-disabled'],
    ['smtp; 554 Annahme verweigert', 'refused'],
    ['smtp; 552 La boîte aux lettres du destinataire est pleine', 'mailbox-full'],
    ['smtp; 550 Utilisateur inconnu', 'mailbox-unknown'],
    ['smtp; 550 L’adresse de messagerie n’existe pas', 'mailbox-unknown'],
    ['smtp; 550 Domaine introuvable', 'domain-unknown'],
    ['smtp; 554 Message rejeté', 'refused'],
    ['smtp; 550 El buzón está lleno', 'mailbox-full'],
    ['smtp; 550 Utente sconosciuto', 'mailbox-unknown'],
    ['smtp; connect to b.example: Connection timed out', 'not-reachable'],
    ['smtp; 554 antispam.example says no', 'other'],
  ])('without a code, of the words %j, means %s', async (diagnostic, reason) => {
    const fields = `Final-Recipient: rfc822; a@b.example\nAction: failed\nDiagnostic-Code: ${diagnostic}\n`;
    const text = `Reporting-MTA: dns; mx.example\n\n${fields}`;
    const expected = { recipients: [{ status: null, reason, diagnostic: diagnostic.replace(/^.*?; /, '') }] };
    expect(await parse(Buffer.from(text), { form: 'delivery-status' })).toMatchObject(expected);
    const mail = `Content-Type: multipart/report; boundary=q\n\n--q\nContent-Type: message/delivery-status\n\n${text}--q--`;
    expect(await parse(Buffer.from(mail, 'latin1'))).toMatchObject(diagnostic.includes('’') ? {} : expected);
  });

  it.each([
    ['automatic-action/MDN-sent-automatically; deleted', 'deleted'],
    ['manual-action/MDN-sent-manually; displayed/error,warning', 'displayed'],
    ['manual-action/MDN-sent-manually (by hand); (yes) Displayed;', 'displayed'],
    ['manual-action/MDN-sent-manually;denied', 'denied'],
    ['displayed', 'displayed'],
    ['manual-action/MDN-sent-manually', ''],
    ['', ''],
  ])('of a reader with the disposition %j says %j', async (disposition, action) => {
    const text = `Final-Recipient: rfc822; a@b.example\nDisposition: ${disposition}\n`;
    expect(await parse(Buffer.from(text), { form: 'disposition-notification' })).toMatchObject({
      recipients: [{ address: 'a@b.example', action }],
    });
  });

  it('of a reader who is not named is of its sender', async () => {
    const mail = [
      'From: Bob <bob@example.org>',
      'Content-Type: multipart/report; boundary=q',
      '',
      '--q',
      'Content-Type: message/disposition-notification',
      '',
      'Disposition: manual-action/MDN-sent-manually; displayed',
      '--q--',
    ].join('\r\n');
    expect(await parse(Buffer.from(mail))).toMatchObject({
      type: 'read-receipt',
      recipients: [{ address: 'bob@example.org', action: 'displayed' }],
    });
  });

  it.each([
    ['5.4.1', 'mailbox-unknown'],
    ['5.4.310', 'domain-unknown'],
    ['5.3.4', 'too-large'],
    ['4.4.7', 'expired'],
    ['5.4.14', 'loop'],
    ['5.7.705', 'refused'],
    ['4.4.1', 'not-reachable'],
    ['5.6.0', 'other'],
  ])('of status %s means %s', async (status, reason) => {
    const text = `Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: ${status}\r\n`;
    expect(await parse(Buffer.from(text), { form: 'delivery-status' })).toMatchObject({
      recipients: [{ address: 'a@b.example', status, reason }],
      reportedBy: 'mx.example',
    });
  });
});

describe('a signed or encrypted mail', () => {
  it.each(['smime-opaque', 'smime-opaque-in-pieces'])(
    'in an envelope can be read, and is not called verified: %s',
    async (name) => {
      expect(await parse(own(name))).toMatchObject({
        kind: 'signed',
        isVerified: false,
        signer: { name: 'Carla Customer', address: 'carla@customer.example' },
        message: {
          text: expect.stringContaining('Signed words'),
          attachments: [{ part: '0.0', name: 'contract.pdf', size: 5 }],
        },
      });
      const file = await partOf(own(name), [0, 0]);
      expect(Buffer.from(file?.bytes ?? []).toString()).toBe('%PDF-');
    },
  );

  it('says that it is encrypted, and shows nothing', async () => {
    expect(await parse(own('smime-encrypted'))).toMatchObject({ kind: 'encrypted', message: null, signer: null });
  });

  it('that is damaged says what it was meant to be', async () => {
    expect(await parse(own('smime-damaged'))).toMatchObject({ kind: 'signed', message: null });
  });

  it('that does not say which is what its bytes are', async () => {
    const silent = (name: string) =>
      Buffer.from(
        own(name)
          .toString('latin1')
          .replace(/ smime-type=[\w-]+;/, ''),
        'latin1',
      );
    expect(await parse(silent('smime-opaque'))).toMatchObject({ kind: 'signed', message: { kind: 'message' } });
    expect(await parse(silent('smime-encrypted'))).toMatchObject({ kind: 'encrypted', message: null });
    expect(await parse(silent('smime-damaged'))).toMatchObject({ kind: 'smime', message: null });
  });

  it('is read from the file into which Exchange puts it', async () => {
    const found = await parse(
      real('enmime--mime-signed').subarray(real('enmime--mime-signed').indexOf('Content-Type:')),
      {
        form: 'envelope',
      },
    );
    expect(found).toMatchObject({ kind: 'pgp-signed', message: { text: expect.stringContaining('Section one') } });
    expect(await parse(Buffer.from('no envelope'), { form: 'envelope' })).toBeUndefined();
  });

  it.each([
    ['EnvelopedData', [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 3], 'encrypted'],
    ['EncryptedData', [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 6], 'encrypted'],
    ['AuthEnvelopedData', [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 23], 'encrypted'],
    ['CompressedData', [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 9], 'smime'],
  ])('is what its envelope is by its id: %s', async (_name, id, kind) => {
    const content = [0x06, id.length, ...id, 0xa0, 2, 0x30, 0];
    const envelope = Buffer.from([0x30, content.length, ...content]);
    expect(await parse(envelope, { form: 'envelope' })).toMatchObject({ kind, message: null });
  });

  it('is read whole from pieces, and named after the certificate that signed it', async () => {
    const certificates: Certificate[] = [];
    for (const [index, name] of ['An authority', 'The signer'].entries()) {
      const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
      const keys = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
      const serialNumber = `0${index + 1}`;
      const made = await X509CertificateGenerator.createSelfSigned({ name: `CN=${name}`, serialNumber, keys });
      certificates.push(Certificate.fromBER(made.rawData));
    }
    const pieces = ['Subject: In pieces\r\n\r\n', 'Hello ', 'again'].map(
      (piece) => new OctetString({ valueHex: new Uint8Array(Buffer.from(piece)).buffer }),
    );
    const signed = new SignedData({
      version: 1,
      encapContentInfo: new EncapsulatedContentInfo({
        eContentType: ContentInfo.DATA,
        eContent: new OctetString({ value: pieces, idBlock: { isConstructed: true } } as object),
      }),
      certificates,
      signerInfos: certificates
        .slice(1)
        .map(
          ({ issuer, serialNumber }) =>
            new SignerInfo({ version: 1, sid: new IssuerAndSerialNumber({ issuer, serialNumber }) }),
        ),
    });
    const envelope = new ContentInfo({ contentType: ContentInfo.SIGNED_DATA, content: signed.toSchema(true) });
    const bytes = new Uint8Array(envelope.toSchema().toBER());
    expect(await parse(bytes, { form: 'envelope' })).toMatchObject({
      kind: 'signed',
      signer: { name: 'The signer' },
      message: { subject: 'In pieces', text: expect.stringContaining('Hello again') },
    });
  });

  it('that is an envelope and nothing else has the parts of what is inside', async () => {
    const envelope = (await partOf(own('smime-opaque'), [0]))?.bytes ?? Buffer.alloc(0);
    expect(Buffer.from((await partOf(envelope, [0]))?.bytes ?? []).toString()).toBe('%PDF-');
  });

  it('by PGP within its text is readable around it', async () => {
    const text = 'Subject: x\r\n\r\nHello\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n';
    expect(await parse(Buffer.from(text))).toMatchObject({
      kind: 'pgp-encrypted',
      message: { text: expect.stringContaining('Hello') },
    });
  });

  it('with its signature beside the text is readable as it is', async () => {
    expect(await parse(real('enmime--mime-signed'))).toMatchObject({
      kind: 'pgp-signed',
      isVerified: false,
      message: { text: expect.stringContaining('Section one') },
    });
  });
});

describe('a text file', () => {
  it.each([
    ['UTF-8', Buffer.from('Grüße')],
    ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Grüße', 'utf16le')])],
    ['UTF-16 of big ends', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from('Grüße', 'utf16le').swap16()])],
    ['Windows-1252', Buffer.from('Grüße', 'latin1')],
  ])('is read as %s', async (_charset, bytes) => {
    expect(await parse(bytes, { form: 'text' })).toEqual({ kind: 'text', text: 'Grüße', isCut: false });
  });

  it('shows a sign in place of zero bytes, which PostgreSQL and browsers refuse', async () => {
    expect(await parse(Buffer.from('a\0b'), { form: 'text' })).toMatchObject({ text: 'a\ufffdb' });
  });

  it('is cut where it is long', async () => {
    const found = await parse(Buffer.alloc(1_500_000, 'x'), { form: 'text' });
    expect(found).toMatchObject({ isCut: true });
    expect(found?.kind === 'text' && found.text.length).toBe(1_000_000);
  });
});
