/** A time as logs show it: `01:02:03.456` UTC. */
export function moment(at: number): string {
  return Number.isFinite(at) ? new Date(at).toISOString().slice(11, 23) : 'never';
}
