import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { KeyRing } from '../encryption/key-ring.ts';
import { createEncryptingCodec } from './encrypting-codec.ts';

/** The same for clients and workers: encrypted payloads, and failures whose messages and stacks are encrypted too. */
export function createDataConverter(keys: KeyRing): DataConverter {
  return {
    payloadCodecs: [createEncryptingCodec(keys)],
    failureConverterPath: fileURLToPath(new URL('./failure-converter.ts', import.meta.url)),
  };
}
