/** How Entra words and classifies one of its error codes. `{name}` in the sentence is filled in. */
interface Aadsts {
  readonly error: string;
  readonly sentence: string;
  readonly suberror?: string;
  /** HTTP status at the token endpoint where it is not 400. */
  readonly status?: number;
}

/**
 * The AADSTS codes of this simulator. Meanings: Microsoft's list of error codes (reference-error-codes); the `error` of
 * each is Entra's known or presumed answer, and clients must not depend on the pairing.
 */
export const AADSTS = {
  16000: {
    error: 'interaction_required',
    sentence:
      "Either multiple user identities are available for the current request or selected account is not supported for the scenario. Pick one for the application '{clientId}'.",
  },
  50011: {
    error: 'invalid_request',
    sentence:
      "The redirect URI '{redirectUri}' specified in the request does not match the redirect URIs configured for the application '{clientId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.",
  },
  50020: {
    error: 'access_denied',
    sentence:
      "User account '{user}' from identity provider '{provider}' does not exist in tenant '{tenant}' and cannot access the application '{clientId}'({app}) in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different account.",
  },
  50034: {
    error: 'invalid_grant',
    sentence:
      'The user account does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory.',
  },
  50027: { error: 'invalid_request', sentence: 'JWT token is invalid or malformed.' },
  50057: { error: 'invalid_grant', sentence: 'The user account is disabled.' },
  50058: { error: 'login_required', sentence: 'A silent sign-in request was sent but no user is signed in.' },
  50059: {
    error: 'invalid_request',
    sentence: 'No tenant-identifying information found in either the request or implied by any provided credentials.',
  },
  50076: {
    error: 'interaction_required',
    suberror: 'basic_action',
    sentence:
      "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{resource}'.",
  },
  50105: {
    error: 'access_denied',
    sentence:
      "Your administrator has configured the application {app} ('{clientId}') to block users unless they are specifically granted ('assigned') access to the application. The signed in user '{user}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application.",
  },
  50126: {
    error: 'invalid_grant',
    sentence: 'Error validating credentials due to invalid username or password.',
  },
  50147: { error: 'invalid_request', sentence: "The size of the Code_Challenge parameter isn't valid." },
  50173: {
    error: 'invalid_grant',
    suberror: 'bad_token',
    sentence:
      'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on {issued} and is older than the date before which tokens of this user are not valid.',
  },
  50194: {
    error: 'invalid_request',
    sentence:
      "Application '{clientId}'({app}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.",
  },
  53003: {
    error: 'access_denied',
    suberror: 'message_only',
    sentence:
      'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  },
  54005: {
    error: 'invalid_grant',
    sentence:
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  },
  65001: {
    error: 'invalid_grant',
    suberror: 'consent_required',
    sentence:
      "The user or administrator has not consented to use the application with ID '{clientId}' named '{app}'. Send an interactive authorization request for this user and resource.",
  },
  65004: { error: 'access_denied', sentence: 'User declined to consent to access the app.' },
  70000: { error: 'invalid_grant', sentence: 'Provided grant is invalid or malformed.' },
  70003: {
    error: 'unsupported_grant_type',
    sentence: "The app requested an unsupported grant type '{grantType}'.",
  },
  70008: {
    error: 'invalid_grant',
    sentence:
      'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  },
  70011: {
    error: 'invalid_scope',
    sentence:
      "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.",
  },
  70043: {
    error: 'invalid_grant',
    suberror: 'bad_token',
    sentence:
      'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access. The token was issued on {issued}.',
  },
  90002: {
    error: 'invalid_request',
    sentence:
      "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
  },
  90023: { error: 'invalid_request', sentence: 'Invalid STS request. {detail}' },
  90055: {
    error: 'temporarily_unavailable',
    status: 429,
    sentence: 'The tenant request was throttled because of too many requests. Wait and try again.',
  },
  90094: {
    error: 'access_denied',
    sentence:
      "An administrator of {tenant} has set a policy that prevents you from granting '{app}' the permissions it is requesting. Contact an administrator of {tenant} who can grant permissions to this application on your behalf.",
  },
  500011: {
    error: 'invalid_resource',
    sentence:
      'The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.',
  },
  500112: {
    error: 'invalid_client',
    sentence:
      "The reply address '{redirectUri}' does not match the reply address '{expected}' provided when requesting Authorization code.",
  },
  501481: {
    error: 'invalid_grant',
    sentence: 'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  },
  650053: {
    error: 'invalid_client',
    sentence:
      "The application '{app}' asked for scope '{scope}' that doesn't exist on the resource '00000003-0000-0000-c000-000000000000'. Contact the app vendor.",
  },
  70016: {
    error: 'authorization_pending',
    sentence: 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  },
  70018: {
    error: 'bad_verification_code',
    sentence: 'Invalid verification code. The device code in the request was not recognized.',
  },
  70019: { error: 'expired_token', sentence: 'Verification code expired. Have the user retry the sign-in.' },
  700005: {
    error: 'invalid_grant',
    sentence: 'The provided Authorization code is intended to use against other tenant, thus rejected.',
  },
  700016: {
    error: 'unauthorized_client',
    sentence:
      "Application with identifier '{clientId}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
  },
  700021: {
    error: 'invalid_client',
    status: 401,
    sentence: "Client assertion application identifier doesn't match 'client_id' parameter.",
  },
  700023: {
    error: 'invalid_client',
    status: 401,
    sentence: "Client assertion audience claim '{audience}' does not match the token endpoint.",
  },
  700024: {
    error: 'invalid_client',
    status: 401,
    sentence:
      'Client assertion is not within its valid time range. Current time: {now}, assertion valid from {from}, expiry time of assertion {until}.',
  },
  700025: {
    error: 'invalid_client',
    status: 401,
    sentence: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  },
  700027: {
    error: 'invalid_client',
    status: 401,
    sentence:
      "Client assertion contains an invalid signature. [Reason - {reason}, Thumbprint of key used by client: '{thumbprint}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{clientId}'.]",
  },
  700051: {
    error: 'unsupported_response_type',
    sentence: "response_type 'token' is not enabled for the application.",
  },
  700054: {
    error: 'unsupported_response_type',
    sentence: "response_type 'id_token' is not enabled for the application.",
  },
  700082: {
    error: 'invalid_grant',
    sentence:
      'The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive for 90.00:00:00.',
  },
  900144: {
    error: 'invalid_request',
    sentence: "The request body must contain the following parameter: '{name}'.",
  },
  900561: {
    error: 'invalid_request',
    sentence: 'The endpoint only accepts POST requests. Received a {method} request.',
  },
  1002012: {
    error: 'invalid_scope',
    sentence:
      'The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
  },
  7000112: { error: 'unauthorized_client', sentence: "Application '{clientId}'({app}) is disabled." },
  7000215: {
    error: 'invalid_client',
    status: 401,
    sentence:
      "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{clientId}'.",
  },
  7000218: {
    error: 'invalid_client',
    status: 401,
    sentence: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  },
  7000222: {
    error: 'invalid_client',
    status: 401,
    sentence:
      "The provided client secret keys for app '{clientId}' are expired. Visit the Azure portal to create new keys for your app, or consider using certificate credentials for added security.",
  },
  9000411: {
    error: 'invalid_request',
    sentence: "The request is not properly formatted. The parameter '{name}' is duplicated.",
  },
  9002313: {
    error: 'invalid_grant',
    sentence: 'Invalid request. Request is malformed or invalid.',
  },
} as const satisfies Record<number, Aadsts>;

export type AadstsCode = keyof typeof AADSTS;

export function isAadstsCode(code: number): code is AadstsCode {
  return Object.hasOwn(AADSTS, code);
}

/** The entry of a code, with its optional fields typed for every code. */
export function aadsts(code: AadstsCode): Aadsts {
  return AADSTS[code];
}
