import { isAllowedLicence } from './shipped/allowed-licences.ts';
import { licenceOf, shippedPackages } from './shipped/shipped-packages.ts';

/** `npm run licences`: the licence of each package of a release. Fails at one that was not weighed. */
const { components } = await shippedPackages();
for (const component of components) {
  const licence = licenceOf(component);
  const isAllowed = isAllowedLicence(licence);
  console.log(`${isAllowed ? ' ' : '✘'} ${component.name}@${component.version}  ${licence ?? 'no licence'}`);
  if (!isAllowed) process.exitCode = 1;
}
