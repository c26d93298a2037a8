/** A delegated permission of Graph as shown on the consent page. */
interface GraphPermission {
  readonly title: string;
  readonly detail: string;
  /** Only an administrator may consent to it. */
  readonly adminOnly?: true;
}

/** The delegated permissions with a description for the consent page. The texts follow Microsoft's. */
const KNOWN: Readonly<Record<string, GraphPermission>> = {
  openid: {
    title: 'Sign you in',
    detail: 'Allows you to sign in to the app with your work or school account.',
  },
  profile: {
    title: 'View your basic profile',
    detail: 'Allows the app to see your basic profile: name, picture, user name.',
  },
  email: { title: 'View your email address', detail: 'Allows the app to read your primary email address.' },
  offline_access: {
    title: 'Maintain access to data you have given it access to',
    detail:
      'Allows the app to see and update the data you gave it access to, even when you are not using the app. This does not give the app any additional permissions.',
  },
  'User.Read': {
    title: 'Sign you in and read your profile',
    detail: 'Allows you to sign in to the app with your organizational account and let the app read your profile.',
  },
  'User.ReadBasic.All': {
    title: "Read all users' basic profiles",
    detail: 'Allows the app to read a basic set of profile properties of other users in your organization.',
  },
  'User.Read.All': {
    title: "Read all users' full profiles",
    detail: 'Allows the app to read the full set of profile properties of other users in your organization.',
    adminOnly: true,
  },
  'Directory.Read.All': {
    title: 'Read directory data',
    detail: "Allows the app to read data in your organization's directory.",
    adminOnly: true,
  },
  'Mail.Read': {
    title: 'Read your mail',
    detail: 'Allows the app to read email in your mailbox.',
  },
  'Mail.ReadBasic': {
    title: 'Read your basic mail',
    detail: 'Allows the app to read email in your mailbox, except body, preview body, attachments and extensions.',
  },
  'Mail.ReadWrite': {
    title: 'Read and write access to your mail',
    detail:
      'Allows the app to create, read, update, and delete email in your mailbox. Does not include permission to send mail.',
  },
  'Mail.Send': { title: 'Send mail as you', detail: 'Allows the app to send mail as you.' },
  'Mail.Read.Shared': {
    title: 'Read mail you can access',
    detail: 'Allows the app to read mail you can access, including shared mail.',
  },
  'Mail.ReadBasic.Shared': {
    title: 'Read basic mail you can access',
    detail: 'Allows the app to read mail you can access, including shared mail, except bodies and attachments.',
  },
  'Mail.ReadWrite.Shared': {
    title: 'Read and write mail you can access',
    detail: 'Allows the app to create, read, update, and delete mail you have permission to access.',
  },
  'Mail.Send.Shared': {
    title: 'Send mail on behalf of others or yourself',
    detail: 'Allows the app to send mail as you or on behalf of someone else.',
  },
  'MailboxSettings.Read': {
    title: 'Read your mailbox settings',
    detail: 'Allows the app to read your mailbox settings.',
  },
  'MailboxSettings.ReadWrite': {
    title: 'Read and write to your mailbox settings',
    detail: 'Allows the app to read and update your mailbox settings. Does not include permission to send mail.',
  },
  'Calendars.Read': { title: 'Read your calendars', detail: 'Allows the app to read events in your calendars.' },
  'Calendars.ReadWrite': {
    title: 'Have full access to your calendars',
    detail: 'Allows the app to read, update, create and delete events in your calendars.',
  },
  'Contacts.Read': { title: 'Read your contacts', detail: 'Allows the app to read contacts in your contact folders.' },
  'People.Read': { title: 'Read your relevant people list', detail: 'Allows the app to read a ranked list of people.' },
};

const canonicalNames = new Map(Object.keys(KNOWN).map((name) => [name.toLowerCase(), name]));

/** `mail.read` → `Mail.Read`. Names without an entry are returned unchanged if they have the form of a permission. */
export function canonicalPermission(name: string): string | undefined {
  const known = canonicalNames.get(name.toLowerCase());
  if (known !== undefined) return known;
  return /^[A-Za-z][A-Za-z0-9]*(?:[.-][A-Za-z0-9]+)+$/.test(name) ? name : undefined;
}

/** The description of a permission on the consent page. */
export function describePermission(name: string): GraphPermission {
  return KNOWN[name] ?? { title: name, detail: `Allows the app to use the permission ${name} in your name.` };
}

/** Whether only administrators may consent: permissions of the list, and every `….All` that writes. */
export function needsAdministrator(name: string): boolean {
  return describePermission(name).adminOnly === true || /\.(ReadWrite|FullControl)\.All$/.test(name);
}
