const count = (n: number, one: string, many: string) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** Words of a mail as it is shown: its body, links, pictures, facts and attachments. */
export const mail = {
  quoted: (lines: number) => `Quoted history (${count(lines, 'line', 'lines')})`,
  fixedWidth: 'Fixed width',
  linkList: (n: number) => `Where ${count(n, 'link leads', 'links lead')}`,
  moreLinks: (n: number) => `and ${count(n, 'more link', 'more links')}`,
  doubtful: (n: number) =>
    n === 1
      ? 'One link may lead elsewhere than it seems. Do not open it unless you expected it.'
      : `${n.toLocaleString('en')} links may lead elsewhere than they seem. Do not open them unless you expected them.`,
  doubts: {
    'other-host': (host: string) => `its words name another place than ${host}`,
    'user-name': (host: string) => `what stands before the @ is no host; it leads to ${host}`,
    number: (host: string) => `it leads to the number ${host} instead of a name`,
    'look-alike': (host: string) => `the name ${host} has letters that look like others`,
  },
  noWords: '(no words)',
  remoteImages: (n: number) =>
    `${count(n, 'remote image is', 'remote images are')} not loaded, so that the sender does not learn that you read this.`,
  loadImages: 'Load images',
  alwaysLoad: (sender: string) => `Always load from ${sender}`,
  remembered: (sender: string) => `You always load images from ${sender}.`,
  forget: 'Stop that',
  trackingPixels: (n: number) =>
    n === 1
      ? 'One tracking pixel was removed: it only reports that you opened this.'
      : `${n.toLocaleString('en')} tracking pixels were removed: they only report that you opened this.`,
  loadingImages: 'Images are loading …',
  picture: 'picture',
  pictureFailures: {
    'not-attached': 'it is not attached to the message',
    'no-picture': 'it is no picture that can be shown safely',
    'not-loaded': 'it could not be loaded',
    refused: 'its address was refused',
  },
};
