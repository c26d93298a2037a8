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

  it('has the text of mail that came only as HTML, in lines and without styles', async () => {
    const html =
      '<style>p{}</style><!--[if mso]><x:y><![endif]--><p>Dear Jo,</p><div>caf&eacute;<br>tea &amp; cake</div>';
    const mail = await readMime(Buffer.from(`${HEADERS}Content-Type: text/html\r\n\r\n${html}`));
    expect(textFromHtml(mail.html ?? '')).toBe('Dear Jo,\r\ncafé\r\ntea & cake');
    expect(describeMail(mail, new Date()).bodyPreview).toBe('Dear Jo,\r\ncafé\r\ntea & cake');
  });
});
