/** Words of certificates that take the place of the client secret. */
export const certificates = {
  title: 'Certificates instead of a secret',
  lead: 'The private key stays in Mailroom. Make a certificate, download it, upload it in Entra under “Certificates & secrets > Certificates”, and choose it above: it is tried before it is saved, and what it replaces stays in use beside it for an hour.',
  make: 'Make a certificate',
  made: 'The certificate is made. Download it, and upload it in Entra.',
  ofFile: 'Of the files:',
  uses: { 'in-use': 'In use', before: 'Beside the new one', unused: 'Not in use' },
  until: 'valid until',
  over: 'ended',
  download: 'Download',
  downloadOf: (thumbprint: string) => `Download the certificate ${thumbprint}`,
  delete: 'Delete',
  deleteOf: (thumbprint: string) => `Delete the certificate ${thumbprint}`,
  deleteTitle: (thumbprint: string) => `Delete the certificate ${thumbprint.slice(0, 8)}…?`,
  deleteWhat: 'Its private key is deleted for good. Remove the certificate in Entra as well.',
  deleted: 'The certificate is deleted.',
  choose: 'Mailroom proves itself by',
  bySecret: 'Secret',
  byCertificate: (thumbprint: string, until: string) => `Certificate ${thumbprint.slice(0, 8)}…, until ${until}`,
  byFile: (until?: string) => `Certificate of the files${until === undefined ? '' : `, until ${until}`}`,
  endsIn: (days: number) =>
    days > 0
      ? `The certificate ends ${days === 1 ? 'within a day' : `in ${days} days`}. Make another one below, upload it in Entra, and choose it here.`
      : 'The certificate is over. Make another one below, upload it in Entra, and choose it here.',
};
