import { type Payload, type PayloadCodec, ValueError } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { KeyRing } from '../encryption/key-ring.ts';

const ENCODING = 'binary/encrypted';
/** Bound to every payload, so that a database column's ciphertext cannot pass as a payload, nor the reverse. */
const CONTEXT = 'temporal.payload';
const text = new TextEncoder();
const encoding = text.encode(ENCODING);

/**
 * Encrypts every payload sent to Temporal with AES-256-GCM; the key's name travels in the metadata. Decoding refuses
 * payloads that are not encrypted, except the server's own: write access to Temporal must not be enough to send us
 * commands.
 */
export function createEncryptingCodec(keys: KeyRing): PayloadCodec {
  return {
    async encode(payloads) {
      return payloads.map((payload) => {
        const plain = proto.temporal.api.common.v1.Payload.encode(payload).finish();
        const { keyId, data } = keys.encryptBytes(plain, CONTEXT);
        return { metadata: { encoding, 'encryption-key-id': text.encode(keyId) }, data };
      });
    },
    async decode(payloads) {
      return payloads.map((payload) => decodeOne(payload, keys));
    },
  };
}

function decodeOne(payload: Payload, keys: KeyRing): Payload {
  const form = new TextDecoder().decode(payload.metadata?.encoding ?? new Uint8Array());
  if (form !== ENCODING) {
    if (isServersOwn(form, payload)) return payload;
    throw new ValueError('A payload is not encrypted');
  }
  const keyId = new TextDecoder().decode(payload.metadata?.['encryption-key-id'] ?? new Uint8Array());
  const plain = keys.decryptBytes(keyId, payload.data ?? new Uint8Array(), CONTEXT);
  return proto.temporal.api.common.v1.Payload.decode(plain);
}

/**
 * The server itself writes a few payloads, each a name in capitals: an activity that was cancelled before it began ends
 * with `"ACTIVITY_ID_NOT_STARTED"`. None of our arguments or results is a bare string, so a forged one cannot pass as
 * such.
 */
function isServersOwn(form: string, { data }: Payload): boolean {
  return (
    form === 'json/plain' && data != null && data.length < 100 && /^"[A-Z_]+"$/.test(new TextDecoder().decode(data))
  );
}
