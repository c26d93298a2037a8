export { answer } from './answer.ts';
export { mailbox } from './mailbox.ts';
export { reader } from './reader.ts';
