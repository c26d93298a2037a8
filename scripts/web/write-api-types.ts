import { writeFileSync } from 'node:fs';
import { apiTypesFile, generateApiTypes } from './api-types.ts';

// To be run after a change of the API's routes or schemas; a test tells when it was forgotten.
writeFileSync(apiTypesFile, await generateApiTypes());
process.exit();
