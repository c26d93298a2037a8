import type { FailureReason } from '../../domain/failure.ts';

/**
 * Reasons of AADSTS numbers, which are more exact than `error` and `suberror`
 * (learn.microsoft.com/entra/identity-platform/reference-error-codes). Numbers are many and change, so `error` alone
 * decides for a number that is not in these tables.
 */

/** The sign-in itself has expired, or requires a person. */
const persons = {
  'account-disabled': [50057],
  'account-locked': [50053],
  'account-not-found': [50034, 51004],
  'admin-consent-needed': [90094, 90095, 90099, 650051],
  'code-expired': [54005],
  'consent-denied': [65004],
  'consent-needed': [65001],
  'interaction-required': [16000, 16001, 50058, 50089, 50140],
  'mfa-needed': [50072, 50074, 50076, 50078, 50079, 500121],
  'not-assigned': [50105],
  'password-changed': [50055, 50125, 50132, 50133, 50135, 50142, 50144, 50173],
  'sign-in-expired': [70000, 70008, 700081, 700082, 700084],
  // "due to sign-in frequency checks by conditional access": it will happen again.
  'sign-in-frequency': [70043, 70044],
  'sign-in-mismatch': [50147, 501481, 700005],
  'wrong-tenant': [50020],
} as const;

/** A policy of the organisation refuses: signing in again does not help while it does. */
const policies = {
  'blocked-by-policy': [50131, 53003, 53010, 500021, 500212, 500213, 530031, 530032, 530035],
  'device-required': [
    50005, 50097, 50127, 50129, 50155, 53000, 53001, 53002, 53009, 530001, 530002, 530003, 530004, 530021, 700003,
  ],
  'external-challenge': [50158, 50177],
  'risk-blocked': [53004, 53011, 530034],
} as const;

/**
 * A fault of the settings, of the app registration or of the tenant: the same for all accounts, whatever `error` says.
 */
const settings = {
  'app-disabled': [7000112],
  'app-misconfigured': [50194, 65005, 650052, 650053, 650054, 650056, 650057, 700022, 700025, 7000114],
  'app-not-found': [70001, 700016],
  'client-certificate-expired': [1000502],
  // Also a certificate that is over, revoked or not accepted as such, and a signature that it does not fit.
  'client-certificate-refused': [50027, 700021, 700027, 700030, 7000214],
  // An assertion is good for ten minutes, by Microsoft's clock.
  'clock-wrong': [50012, 700024],
  'redirect-uri-wrong': [50011],
  'resource-disabled': [500011, 500014],
  'secret-expired': [7000222],
  'secret-wrong': [7000215],
  'settings-missing': [7000218],
  'tenant-not-found': [50128, 90002, 900023],
} as const;

/** Microsoft throttles: the tenant's limit, and the guard against clients that loop. */
const throttling: readonly number[] = [50196, 90055];

/** "Transient", "retry": a temporary fault inside Entra. */
const transient: readonly number[] = [90006, 90024, 90025, 90033, 90036, 90051];

/** Access was judged by location; at the token endpoint, that is where Mailroom runs. */
export const isAboutPlace = (codes: readonly number[]) => codes.includes(53003);

export const credentialReason = lookUp({ ...persons, ...policies });
export const settingsReason = lookUp(settings);
export const isThrottling = (codes: readonly number[]) => codes.some((code) => throttling.includes(code));
export const isTransient = (codes: readonly number[]) => codes.some((code) => transient.includes(code));

/** Returns the reason of the first number in the table. */
function lookUp(table: Readonly<Partial<Record<FailureReason, readonly number[]>>>) {
  const reasons = new Map(
    Object.entries(table).flatMap(([reason, numbers]) => numbers.map((code) => [code, reason as FailureReason])),
  );
  return (codes: readonly number[]): FailureReason | undefined => {
    const known = codes.find((code) => reasons.has(code));
    return known === undefined ? undefined : reasons.get(known);
  };
}
