export { mailbox } from './mailbox.ts';
export { reader } from './reader.ts';
