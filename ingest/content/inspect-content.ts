import { type AttachmentRisk, RISK_BYTES, riskOfBytes, riskOfName, worseRisk } from '../../domain/attachment-risk.ts';
import { type PictureType, pictureTypeOf } from '../../domain/picture-type.ts';

export interface Inspection {
  readonly pictureType: PictureType | null;
  readonly risk: AttachmentRisk | null;
}

/** Names of the streams in which Office keeps macros: in its zip files, and in its older files (UTF-16). */
const MACRO_MARKS = [Buffer.from('vbaProject.bin'), Buffer.from('_VBA_PROJECT', 'utf16le')];
const LONGEST_MARK = Math.max(...MACRO_MARKS.map(({ length }) => length));

/** Looks at content as it passes by, and keeps none of it but its first 32 KB and the end of the last piece. */
export function inspectContent(name: string) {
  const head = Buffer.alloc(RISK_BYTES);
  let headBytes = 0;
  let tail: Buffer = Buffer.alloc(0);
  let hasMacros = false;

  return {
    add(piece: Uint8Array): void {
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      if (headBytes < head.length) headBytes += bytes.copy(head, headBytes);
      const isMarked = (where: Buffer) => MACRO_MARKS.some((mark) => where.includes(mark));
      // A mark may lie across two pieces.
      hasMacros ||= isMarked(bytes) || isMarked(Buffer.concat([tail, bytes.subarray(0, LONGEST_MARK)]));
      tail = Buffer.from(bytes.subarray(-LONGEST_MARK));
    },
    conclude(): Inspection {
      const start = head.subarray(0, headBytes);
      const pictureType = pictureTypeOf(start);
      const byBytes = worseRisk(riskOfBytes(start, name), hasMacros ? 'macro' : null);
      return { pictureType, risk: worseRisk(byBytes, riskOfName(name)) };
    },
  };
}
