export interface UnexpectedAnswerDetails {
  readonly status?: number | undefined;
  /** Microsoft's own code (`ErrorInvalidUrlQuery`, `AADSTS900144`). Never free text from outside. */
  readonly code?: string | undefined;
  readonly requestId?: string | undefined;
}

/**
 * An answer of Microsoft that none of the domain's failures describes: a fault of ours, or something new. It is outside
 * the closed list on purpose: it is retried by policy and raises an alert, and is not mistaken for a state of the
 * account. Its message carries no text from outside.
 */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly requestId: string | undefined;

  constructor(message: string, details: UnexpectedAnswerDetails = {}) {
    const facts = [details.status, details.code, details.requestId && `request ${details.requestId}`].filter(Boolean);
    super(facts.length > 0 ? `${message} (${facts.join(', ')})` : message);
    this.status = details.status;
    this.code = details.code;
    this.requestId = details.requestId;
  }
}
