import { getCompileCacheDir } from 'node:module';

/** A program that names the folder in which Node keeps what it compiled. */
console.log(getCompileCacheDir());
process.send?.('ready');
process.disconnect?.();
