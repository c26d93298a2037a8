/** What a person or group from the provider is looked for by. All conditions of a list have to hold. */
export interface Condition {
  readonly attribute:
    | 'id'
    | 'userName'
    | 'externalId'
    | 'displayName'
    | 'active'
    | 'email'
    | 'emailType'
    | 'group'
    | 'member';
  readonly value: string;
}

/** The part of a list that is asked for. `offset` from 0. */
export interface Page {
  readonly offset: number;
  readonly limit: number;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An id to compare with, which no row has if the value is no id. */
export function idOrNone(value: string): string {
  return uuid.test(value) ? value : '00000000-0000-0000-0000-000000000000';
}
