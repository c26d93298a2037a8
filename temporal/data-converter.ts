import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { KeyRing } from '../encryption/key-ring.ts';
import { createEncryptingCodec } from './encrypting-codec.ts';

/** The data converter of clients and workers: encrypts payloads, including the messages and stacks of failures. */
export function createDataConverter(keys: KeyRing): DataConverter {
  return {
    payloadCodecs: [createEncryptingCodec(keys)],
    failureConverterPath: fileURLToPath(new URL('./failure-converter.ts', import.meta.url)),
  };
}
