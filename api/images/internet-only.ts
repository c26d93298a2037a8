import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { buildConnector } from 'undici';
import { isPublicAddress } from './public-address.ts';

class NotOfTheInternet extends Error {
  override readonly name = 'NotOfTheInternet';
}

/** Whether a request failed because its address is none of the internet; undici and Node wrap the cause. */
export function isNotOfTheInternet(error: unknown): boolean {
  if (error instanceof NotOfTheInternet) return true;
  if (error instanceof AggregateError) return error.errors.some(isNotOfTheInternet);
  return error instanceof Error && error.cause !== undefined && isNotOfTheInternet(error.cause);
}

/** Keeps connections to addresses of the internet only, wherever their names led. */
export function internetConnector(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null);
      if (isPublicAddress(socket?.remoteAddress ?? '')) return callback(null, socket as NonNullable<typeof socket>);
      socket?.destroy();
      callback(new NotOfTheInternet(), null);
    });
  };
}

/** One private address among many is enough to refuse the name. */
export function internetLookup(lookup: LookupFunction): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '');
      const addresses = found as unknown as LookupAddress[];
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(new NotOfTheInternet(), '');
      }
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
