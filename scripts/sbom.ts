import { shippedPackages } from './shipped/shipped-packages.ts';

/** `npm run --silent sbom > mailroom.cdx.json`: a CycloneDX document of what a release consists of. */
console.log(JSON.stringify(await shippedPackages(), null, 2));
