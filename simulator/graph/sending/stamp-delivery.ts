import { hostname } from './postmaster.ts';

/** The mail as it arrives in a mailbox here: the way it took is on top. */
export function stampDelivery(mime: Uint8Array, returnPath: string): Buffer {
  const now = new Date().toUTCString().replace('GMT', '+0000');
  const lines = [
    `Received: from ${hostname(returnPath)} by SIM0PR01MB0001.prod.outlook.com with HTTPS;\r\n ${now}`,
    `Return-Path: ${returnPath}`,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n`), mime]);
}
