/**
 * The client capabilities in a claims parameter, such as `["cp1"]` from
 * `{"access_token":{"xms_cc":{"values":["CP1"]}}}`. MSAL sends it with every token request.
 */
export function requestedCapabilities(claims: string | undefined): readonly string[] {
  if (claims === undefined) return [];
  try {
    const parsed = JSON.parse(claims) as { access_token?: { xms_cc?: { values?: unknown } } } | null;
    const values = parsed?.access_token?.xms_cc?.values;
    return Array.isArray(values) ? values.map((value) => String(value).toLowerCase()) : [];
  } catch {
    return [];
  }
}
