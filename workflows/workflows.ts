export { answer } from './answer.ts';
export { content } from './content.ts';
export { mailbox } from './mailbox.ts';
export { reader } from './reader.ts';
export { retention } from './retention.ts';
