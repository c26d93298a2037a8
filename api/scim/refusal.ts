import { Problem } from '../http/problem.ts';

/** RFC 7644, table 9; those that Mailroom answers. */
export type ScimType =
  | 'invalidFilter'
  | 'invalidPath'
  | 'invalidSyntax'
  | 'invalidValue'
  | 'mutability'
  | 'noTarget'
  | 'uniqueness';

/** A refusal with the detail code that identity providers branch by. */
export class ScimRefusal extends Problem {
  readonly scimType: ScimType;

  constructor(scimType: ScimType, detail: string, { cause }: { readonly cause?: unknown } = {}) {
    super(scimType === 'uniqueness' ? 'provisioned-name-taken' : 'provisioning-refused', detail, { cause });
    this.scimType = scimType;
  }
}

export function notFound(what: 'user' | 'group'): Problem {
  return new Problem('no-such-resource', `There is no ${what} with this id. Look for it by a filter.`);
}
