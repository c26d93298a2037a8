import { fromBER, OctetString, PrintableString, Utf8String } from 'asn1js';
import { Certificate, ContentInfo, SignedData } from 'pkijs';
import { person } from './as-message.ts';
import type { Person } from './parsed-content.ts';

export interface OpenedEnvelope {
  /** `smime`: something else, such as compressed. */
  readonly kind: 'signed' | 'encrypted' | 'smime';
  /** MIME of what was signed; undefined: not inside. */
  readonly mime: Uint8Array | undefined;
  /** As the certificate in the mail names it: not verified. */
  readonly signer: Person | null;
}

/** The first byte of every envelope in BER. */
const SEQUENCE = 0x30;
const SIGNED_DATA = '1.2.840.113549.1.7.2';
/** EnvelopedData, EncryptedData (RFC 5652), AuthEnvelopedData (RFC 5083). */
const encryptedTypes: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.7.3',
  '1.2.840.113549.1.7.6',
  '1.2.840.113549.1.9.16.1.23',
]);

/** Opens an S/MIME envelope (RFC 8551): what is only signed can be read. Undefined: it is no envelope. */
export function openEnvelope(bytes: Uint8Array): OpenedEnvelope | undefined {
  if (bytes[0] !== SEQUENCE) return undefined;
  try {
    const { result, offset } = fromBER(new Uint8Array(bytes).buffer);
    if (offset === -1) return undefined;
    const envelope = new ContentInfo({ schema: result });
    if (envelope.contentType !== SIGNED_DATA) {
      const kind = encryptedTypes.has(envelope.contentType) ? 'encrypted' : 'smime';
      return { kind, mime: undefined, signer: null };
    }
    const signed = new SignedData({ schema: envelope.content });
    const { eContent } = signed.encapContentInfo;
    return { kind: 'signed', mime: eContent && bytesOf(eContent), signer: signerOf(signed) };
  } catch {
    return undefined;
  }
}

/** Outlook writes the content in pieces. */
function bytesOf(content: OctetString): Uint8Array {
  const pieces = content.valueBlock.value.filter((each) => each instanceof OctetString);
  if (pieces.length === 0) return new Uint8Array(content.valueBlock.valueHexView);
  return Buffer.concat(pieces.map(bytesOf));
}

const COMMON_NAME = '2.5.4.3';
const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';

/** Of the first certificate that belongs to a signature. */
function signerOf({ certificates = [], signerInfos }: SignedData): Person | null {
  const serial = signerInfos[0]?.sid?.serialNumber;
  const known = certificates.filter((each): each is Certificate => each instanceof Certificate);
  const certificate =
    known.find(({ serialNumber }) => serial !== undefined && serialNumber.isEqual(serial)) ?? known[0];
  if (!certificate) return null;
  const names = certificate.subject.typesAndValues;
  const nameOf = (type: string) => {
    const found = names.find((each) => String(each.type) === type)?.value;
    return found instanceof Utf8String || found instanceof PrintableString || found?.valueBlock?.value
      ? String(found.valueBlock.value)
      : undefined;
  };
  return person(nameOf(COMMON_NAME), nameOf(EMAIL_ADDRESS));
}
