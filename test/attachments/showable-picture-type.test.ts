import { describe, expect, it } from 'vitest';
import { showablePictureType } from '../../api/images/showable-picture-type.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const uint = (value: number, size: number) => {
  const made = Buffer.alloc(size);
  made.writeUIntBE(value, 0, size);
  return made;
};
const littleUint = (value: number, size: number) => uint(value, size).reverse();

function png(width: number, height: number): Buffer {
  const start = bytes('\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR');
  return Buffer.concat([start, uint(width, 4), uint(height, 4), bytes('\x08\x06\0\0\0\0\0\0\0'), Buffer.alloc(64)]);
}
const gif = (width: number, height: number) =>
  Buffer.concat([bytes('GIF89a'), littleUint(width, 2), littleUint(height, 2), Buffer.alloc(64)]);
function jpeg(width: number, height: number, ahead = 0): Buffer {
  const segment = Buffer.concat([bytes('\xff\xe1'), uint(60_002, 2), Buffer.alloc(60_000)]);
  const frame = Buffer.concat([bytes('\xff\xc0\0\x11\x08'), uint(height, 2), uint(width, 2), Buffer.alloc(64)]);
  return Buffer.concat([bytes('\xff\xd8'), ...Array.from({ length: ahead }, () => segment), frame]);
}
const webp = (width: number, height: number) =>
  Buffer.concat([
    bytes('RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0'),
    littleUint(width - 1, 3),
    littleUint(height - 1, 3),
    Buffer.alloc(64),
  ]);

describe('a picture', () => {
  it.each([
    ['image/png', png],
    ['image/gif', gif],
    ['image/jpeg', jpeg],
    ['image/webp', webp],
  ] as const)('of type %s is shown as large as cameras make them, and no larger', (type, make) => {
    expect(showablePictureType(make(640, 480))).toBe(type);
    expect(showablePictureType(make(9_248, 6_936))).toBe(type);
    for (const [width, height] of [
      [60_000, 60_000],
      [9_300, 7_000],
      [40_000, 10],
      [0, 10],
    ] as const) {
      // WebP has no width of 0.
      if (type !== 'image/webp' || width > 0) expect(showablePictureType(make(width, height))).toBeNull();
    }
  });

  it('whose size stands behind what a camera wrote is shown', () => {
    expect(showablePictureType(jpeg(4_000, 3_000, 3))).toBe('image/jpeg');
  });

  it('whose size cannot be found is not shown', () => {
    expect(showablePictureType(bytes('\xff\xd8\xff\xe0 no picture'))).toBeNull();
    expect(showablePictureType(jpeg(4_000, 3_000, 3).subarray(0, 100_000))).toBeNull();
    expect(showablePictureType(png(640, 480).subarray(0, 12))).toBeNull();
    expect(showablePictureType(bytes('\0\0\0\x1cftypavif\0\0\0\0mif1'))).toBeNull();
  });

  it('is never one that can hold a script', () => {
    expect(showablePictureType(bytes('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'))).toBeNull();
  });
});
