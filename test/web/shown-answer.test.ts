import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem, problemDocument } from '../../api/http/problem.ts';
import { html } from '../../api/pages/html.ts';
import { shownFileName, shownText } from '../../domain/words/shown-text.ts';
import { take } from '../../web/api/client.ts';

const OVERRIDE = '\u202E';
const controls = /[\u200E\u200F\u202A-\u202E\u2066-\u2069\u061C]/;
const answer = <Data>(data: Data) => take(Promise.resolve({ data, response: new Response() }));

describe('what strangers wrote', () => {
  it('turns no direction of writing on a page: subjects, names and senders, however deep in an answer', async () => {
    const hostile = `Invoice ${OVERRIDE}fdp.exe\u2067\u200F`;
    const item = {
      subject: hostile,
      from: { name: hostile, address: `a${OVERRIDE}@contoso.example` },
      recipients: { to: [{ name: hostile }] },
      count: 7,
      claim: null,
    };
    const shown = await answer(item);
    expect(JSON.stringify(shown)).not.toMatch(controls);
    expect(shown).toMatchObject({ subject: 'Invoice fdp.exe', count: 7, claim: null });
  });

  it('shows where a file name hid something', async () => {
    const { attachments } = await answer({ attachments: [{ name: `photo${OVERRIDE}gpj.exe`, size: 1 }] });
    expect(attachments).toEqual([{ name: 'photo\uFFFDgpj.exe', size: 1 }]);
  });

  it('is left alone where it is a whole mail, and where it is only Hebrew or Arabic', async () => {
    const mail = {
      text: `\u05E9\u05DC\u05D5\u05DD\u200F!`,
      html: `<p>${OVERRIDE}x</p>`,
      subject: '\u05E9\u05DC\u05D5\u05DD',
    };
    expect(await answer(mail)).toEqual(mail);
  });

  it('turns nothing in a refusal, nor on the pages of the API', () => {
    const name = `Billing${OVERRIDE}`;
    expect(problemDocument(new Problem('queue-in-use', `${name} is in use.`), 'x').detail).toBe('Billing is in use.');
    expect(html`<p>${name}</p>`.html).toBe('<p>Billing</p>');
  });

  it('keeps every other character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(shownText(text)).not.toMatch(controls);
        expect(shownFileName(text)).not.toMatch(controls);
        if (!controls.test(text)) expect([shownText(text), shownFileName(text)]).toEqual([text, text]);
      }),
    );
  });
});
