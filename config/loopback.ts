/** Whether a host is this machine: its addresses, and every name under `localhost` (RFC 6761). */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
