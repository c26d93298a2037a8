import { writeFileSync } from 'node:fs';
import { apiTypesFile, generateApiTypes } from './api-types.ts';

// Run this after a change of the API's routes or schemas; a test fails if it was forgotten.
writeFileSync(apiTypesFile, await generateApiTypes());
process.exit();
