import { describe, expect, it } from 'vitest';
import { riskOfName } from '../../domain/attachment-risk.ts';
import { cutFileName } from '../../domain/cut-file-name.ts';

describe('a file name that is cut', () => {
  it('still shows what it is, however long it is and whatever stands at its end', () => {
    for (const name of [
      `${'a'.repeat(5_000)}.exe`,
      `x.exe${' '.repeat(5_000)}`,
      `x.exe${'.'.repeat(5_000)}`,
      `x.exe${'\u200b'.repeat(5_000)}`,
      `x.exe:${'a'.repeat(5_000)}`,
      `x.pdf${' '.repeat(5_000)}.exe`,
    ]) {
      expect(cutFileName(name).length).toBeLessThanOrEqual(1_000);
      expect(riskOfName(cutFileName(name))).toBe('executable');
    }
  });

  it('is as it was where it is short', () => {
    for (const name of ['', 'a.txt', 'x.exe   ', 'b'.repeat(1_000)]) expect(cutFileName(name)).toBe(name);
  });
});
