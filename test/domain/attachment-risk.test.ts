import { describe, expect, it } from 'vitest';
import { extensionOf, riskOfBytes, riskOfName, worseRisk } from '../../domain/attachment-risk.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('the risk of an attachment', () => {
  it.each([
    ['invoice.pdf', null],
    ['report.docx', null],
    ['photo.JPG', null],
    ['README', null],
    ['.gitignore', null],
    ['invoice.pdf.exe', 'executable'],
    ['setup.EXE', 'executable'],
    ['setup.exe.', 'executable'],
    ['setup.exe . .', 'executable'],
    ['setup.exe::$DATA', 'executable'],
    ['invoice\u202efdp.exe', 'executable'],
    ['setup.e\u200bxe', 'executable'],
    ['C:\\temp\\run.ps1', 'script'],
    ['page.svg', 'script'],
    ['budget.xlsm', 'macro'],
    ['disk.iso', 'disk-image'],
    ['all.tar.gz', 'archive'],
  ])('shows in its name: %s', (name, risk) => {
    expect(riskOfName(name)).toBe(risk);
  });

  it.each([
    ['photo.jpg', 'MZ\x90\0', 'executable'],
    ['notes.txt', '\x7fELF', 'executable'],
    ['notes.txt', '#!/bin/sh', 'script'],
    ['notes.txt', '\xef\xbb\xbf \n<!DOCTYPE html><p>', 'script'],
    ['picture.png', '<?xml version="1.0"?><svg onload="x()">', 'script'],
    ['report.pdf', 'PK\x03\x04', 'archive'],
    ['report.docx', 'PK\x03\x04', null],
    ['notes.txt', '<p>is fine</p>', null],
    ['empty.txt', '', null],
  ])('shows in its bytes, whatever its name: %s', (name, start, risk) => {
    expect(riskOfBytes(bytes(start), name)).toBe(risk);
  });

  it('finds a disk image by what stands behind its first sectors', () => {
    const image = Buffer.alloc(0x8001 + 5);
    image.write('CD001', 0x8001, 'latin1');
    expect(riskOfBytes(image, 'film.mp4')).toBe('disk-image');
    expect(riskOfBytes(image.subarray(0, -1), 'film.mp4')).toBeNull();
  });

  it('is the worse of two', () => {
    expect(worseRisk('archive', 'executable')).toBe('executable');
    expect(worseRisk(null, 'macro')).toBe('macro');
    expect(worseRisk(null, null)).toBeNull();
  });

  it('goes by the last extension alone', () => {
    expect(extensionOf('a.b.C')).toBe('c');
    expect(extensionOf('ends with a sentence. ')).toBe('');
    expect(extensionOf('')).toBe('');
  });
});
