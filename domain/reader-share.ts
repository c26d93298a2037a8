/**
 * The last byte of an account's id, which is random, is its slot. A share is all slots with the same remainder, so the
 * number of shares is a power of two up to this.
 */
export const READER_SLOTS = 256;

export function slotOf(accountId: string): number {
  return Number.parseInt(accountId.slice(-2), 16);
}

export function shareOf(accountId: string, shares: number): number {
  return slotOf(accountId) % shares;
}

export function slotsOf(share: number, shares: number): readonly number[] {
  return Array.from({ length: READER_SLOTS / shares }, (_, index) => share + index * shares);
}
