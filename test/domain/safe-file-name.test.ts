import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDistinctNames, safeFileName } from '../../domain/safe-file-name.ts';

describe('the name under which a file is saved', () => {
  it.each([
    ['Rechnung März.pdf', 'Rechnung März.pdf'],
    ['日本語.txt', '日本語.txt'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\system32\\cmd.exe', 'cmd.exe'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['a\r\nSet-Cookie: x.txt', 'aSet-Cookie_ x.txt'],
    ['what?.txt', 'what_.txt'],
    ['"quoted".txt', '_quoted_.txt'],
    ['file.txt. . .', 'file.txt'],
    ['.htaccess', 'htaccess'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['com1.tar.gz', '_com1.tar.gz'],
    ['console.log', 'console.log'],
    ['..', 'attachment'],
    ['', 'attachment'],
    ['\u200b', 'attachment'],
    ['x\ud800.txt', 'x.txt'],
  ])('%j is safe as %j', (name, safe) => {
    expect(safeFileName(name)).toBe(safe);
  });

  it('is short, and keeps its extension', () => {
    const name = safeFileName(`${'ä'.repeat(1_000)}.pdf`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
    expect(name).toMatch(/^ä+…\.pdf$/);
    expect(Buffer.byteLength(safeFileName('😀'.repeat(1_000)))).toBeLessThanOrEqual(200);
  });

  it('is one path segment of visible characters, whatever the mail says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const safe = safeFileName(name);
        expect(safe).not.toMatch(/[/\\<>:"|?*\p{Cc}\p{Cf}]|^\.|^$|[.\s]$/u);
        expect(safe.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('names of one archive', () => {
  it('are numbered where they repeat, also in another case', () => {
    expect(['a.txt', 'A.txt', 'a.txt', 'a (2).txt', 'b', 'b'].map(createDistinctNames())).toEqual([
      'a.txt',
      'A (2).txt',
      'a (3).txt',
      'a (2) (2).txt',
      'b',
      'b (2)',
    ]);
  });

  it('cost no more than their number', () => {
    const startedAt = performance.now();
    const distinct = createDistinctNames();
    expect(new Set(Array.from({ length: 5_000 }, () => distinct('image.png'))).size).toBe(5_000);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
