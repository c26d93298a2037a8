import { buildWebWhenOld } from '../../scripts/embedded/build-web.ts';

/** Builds the pages once for all browser tests, when they are older than their sources. */
export default async function setup(): Promise<void> {
  await buildWebWhenOld();
}
