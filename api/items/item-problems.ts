import { Problem } from '../http/problem.ts';

export function noSuchItem(): Problem {
  return new Problem('no-such-item', 'There is no such item. Take the id from the items of a queue.');
}

export function messageDeleted(): Problem {
  return new Problem('message-deleted', 'The message was deleted from Mailroom. Its item stays, without content.');
}
