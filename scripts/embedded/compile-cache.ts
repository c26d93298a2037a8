import { join } from 'node:path';
import { projectFolder } from './stack-folder.ts';

/**
 * Lets Node programs keep what they compiled for their next start, which then takes a third less CPU time: 1.0 s instead of
 * 1.5 s for the API. Node writes when a program ends by itself, and starts without a cache where it cannot write.
 */
export const compileCache = {
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(projectFolder, '.cache/compiled'),
};
