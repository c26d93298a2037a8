import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { FetchHttpHandler } from '@smithy/fetch-http-handler';
import { type KeyService, KeyServiceProblem } from './key-service.ts';

const ATTEMPTS = 4;

interface AwsKmsOptions {
  /** The key that encrypts new ones. */
  readonly wrappingKey?: string | undefined;
  /** Of each attempt. A process starts while its operator or orchestrator waits. */
  readonly timeoutMs?: number;
}

/** What AWS calls its refusals, and what to do about each. */
const refusals: Readonly<Record<string, string>> = {
  AccessDeniedException: 'it does not allow this process to use the key; check the policies for kms:Decrypt',
  NotFoundException: 'it has no such key in this region and account',
  DisabledException: 'its key is disabled; enable it',
  KMSInvalidStateException: 'its key is being deleted, or not usable yet',
  KeyUnavailableException: 'its key is not available at the moment',
  InvalidCiphertextException: 'the entry was changed, or was made for another id',
  IncorrectKeyException: 'the entry was encrypted by another key',
  InvalidKeyUsageException: 'its key is not one for encryption',
  CredentialsProviderError: 'this process has no credentials of AWS',
  ExpiredTokenException: 'the credentials of AWS are over',
  UnrecognizedClientException: 'it does not know the credentials of AWS',
  InvalidSignatureException: 'it does not accept the credentials of AWS, or the clock of this server is wrong',
};

/**
 * AWS KMS. Region, credentials and endpoint are those of AWS' own variables and roles. The id of a key is its encryption
 * context: an entry under another id is refused, and AWS CloudTrail shows which one was asked for. Requests go out by `fetch`,
 * which knows the proxies.
 */
export function createAwsKms({ wrappingKey, timeoutMs = 5_000 }: AwsKmsOptions = {}): KeyService {
  const context = (keyId: string) => ({ 'mailroom:encryption-key': keyId });
  async function ask<Answer>(request: (client: KMSClient) => Promise<Answer>): Promise<Answer> {
    const client = new KMSClient({
      maxAttempts: ATTEMPTS,
      requestHandler: new FetchHttpHandler({ requestTimeout: timeoutMs }),
    });
    try {
      return await request(client);
    } catch (error) {
      throw new KeyServiceProblem(`AWS KMS: ${wordsOf(error)}.`, { cause: error });
    } finally {
      client.destroy();
    }
  }
  return {
    async wrapNewKey(keyId) {
      const { CiphertextBlob: blob } = await ask((client) =>
        client.send(
          new GenerateDataKeyCommand({ KeyId: wrappingKey, KeySpec: 'AES_256', EncryptionContext: context(keyId) }),
        ),
      );
      if (!blob) throw new KeyServiceProblem('AWS KMS: it answered without a key.');
      return Buffer.from(blob).toString('base64');
    },
    async unwrap(wrapped, keyId) {
      const { Plaintext: key, KeyId: arn } = await ask((client) =>
        client.send(
          new DecryptCommand({ CiphertextBlob: Buffer.from(wrapped, 'base64'), EncryptionContext: context(keyId) }),
        ),
      );
      if (!key) throw new KeyServiceProblem('AWS KMS: it answered without a key.');
      return { key, source: `AWS KMS, ${arn ?? 'an unnamed key'}` };
    },
  };
}

function wordsOf(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  if (error instanceof Error && /region/i.test(error.message)) return 'set AWS_REGION';
  return refusals[name] ?? `it cannot be reached, or does not answer (${name || 'unknown'})`;
}
