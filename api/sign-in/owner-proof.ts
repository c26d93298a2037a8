import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { KeyRing } from '../../encryption/key-ring.ts';
import type { Cookies } from '../http/cookies.ts';

/** Begins the state of a proof, and of no sign-in to a mailbox. */
export const OWNER_STATE = 'owner.';

/** Long enough to read a page and decide, short enough for a shared computer. */
const PROOF_SECONDS = 600;

const Asked = z.object({ kind: z.literal('asked'), state: z.string(), nonce: z.string(), codeVerifier: z.string() });
const Proved = z.object({
  kind: z.literal('proved'),
  tenantId: z.string(),
  objectId: z.string(),
  addresses: z.array(z.string()),
});
const Kept = z.object({ until: z.number(), proof: z.discriminatedUnion('kind', [Asked, Proved]) });

/** What a browser has begun to prove, or has proved. */
export type OwnerProof = z.output<typeof Kept>['proof'];

const CONTEXT = 'cookie.owner';

/** Keeps a proof in this browser alone, encrypted: nothing of it is stored here. */
export function keepProof(cookies: Cookies, keys: KeyRing, reply: FastifyReply, proof: OwnerProof): void {
  const kept = JSON.stringify({ until: Date.now() + PROOF_SECONDS * 1_000, proof });
  cookies.write(reply, 'owner', Buffer.from(keys.encrypt(kept, CONTEXT)).toString('base64url'), PROOF_SECONDS);
}

/** Undefined: there is none, it is over, or it is not ours. */
export function readProof(cookies: Cookies, keys: KeyRing, request: FastifyRequest): OwnerProof | undefined {
  const cookie = cookies.read(request, 'owner');
  if (cookie === undefined || cookie.length > 8_000) return undefined;
  try {
    const kept = Kept.parse(JSON.parse(keys.decrypt(Buffer.from(cookie, 'base64url').toString(), CONTEXT)));
    return kept.until > Date.now() ? kept.proof : undefined;
  } catch {
    return undefined;
  }
}
