import type { ProvidedPerson } from '../../database/provisioning/change-people.ts';
import type { PersonEmail, PersonName, PersonWord } from '../../database/provisioning/people.ts';
import { EmailAddress } from '../http/values.ts';
import type { ResourceValues } from './read-values.ts';
import { ScimRefusal } from './refusal.ts';

/** A person out of the values of a resource. Refuses one without a userName, or without any e-mail address. */
export function readPerson(values: ResourceValues): ProvidedPerson {
  const { externalId, userName, displayName, active = true } = values;
  if (typeof userName !== 'string') {
    throw new ScimRefusal('invalidValue', 'The attribute userName is required.');
  }
  const name = (values.name ?? {}) as PersonName;
  const emails = (values.emails ?? []) as readonly PersonEmail[];
  return {
    externalId: externalId as string | undefined,
    userName,
    displayName: (displayName as string | undefined) ?? wholeName(name),
    name,
    emails,
    active: active as boolean,
    email: addressOf(userName, emails),
  };
}

/** The values of the resource that a person is, for a PATCH. */
export function valuesOf({ externalId, userName, displayName, name, emails, active }: PersonWord): ResourceValues {
  return {
    ...(externalId !== undefined && { externalId }),
    userName,
    ...(displayName !== '' && { displayName }),
    ...(Object.keys(name).length > 0 && { name: { ...name } }),
    ...(emails.length > 0 && { emails: emails.map((each) => ({ ...each })) }),
    active,
  };
}

function wholeName({ formatted, givenName, familyName }: PersonName): string {
  return formatted ?? [givenName, familyName].filter(Boolean).join(' ');
}

/**
 * The address that names a person in Mailroom: the userName, by which most providers mean the one of the sign-in;
 * otherwise the primary address, the one for work, or the first.
 */
function addressOf(userName: string, emails: readonly PersonEmail[]): string {
  const isWork = ({ type = '' }: PersonEmail) => type.toLowerCase() === 'work';
  const inOrder = [
    userName,
    ...emails.filter(({ primary }) => primary).map(({ value }) => value),
    ...emails.filter(isWork).map(({ value }) => value),
    ...emails.map(({ value }) => value),
  ];
  for (const each of inOrder) {
    const { data } = EmailAddress.safeParse(each);
    if (data !== undefined) return data;
  }
  throw new ScimRefusal(
    'invalidValue',
    'Mailroom needs an e-mail address of the person: as userName, or among the emails.',
  );
}
