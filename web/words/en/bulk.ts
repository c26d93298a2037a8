const accounts = (n: number) => (n === 1 ? 'account' : `${n.toLocaleString('en')} accounts`);

/** Words of what is done with several accounts at once. */
export const bulk = {
  waiting: 'pending',
  retry: 'Retry the failed ones',
  progress: (done: number, all: number) => `${done.toLocaleString('en')} of ${all.toLocaleString('en')} done`,
  finished: 'Finished',
  notAll: 'Not all accounts were changed',
  failed: 'not changed',
  disablingWhat: 'Their mail is not routed until they are enabled again. What waits in queues stays there.',
  disabling: {
    title: (n: number) => (n === 1 ? 'Disable this account?' : `Disable ${accounts(n)}?`),
    underWay: (n: number) => (n === 1 ? 'Disabling this account …' : `Disabling ${accounts(n)} …`),
    changed: (n: number) => (n === 1 ? 'The account is disabled' : `${accounts(n)} are disabled`),
    confirm: (n: number) => `Disable ${accounts(n)}`,
    working: 'disabling',
    done: 'disabled',
  },
  enabling: {
    title: (n: number) => (n === 1 ? 'Enable this account?' : `Enable ${accounts(n)}?`),
    underWay: (n: number) => (n === 1 ? 'Enabling this account …' : `Enabling ${accounts(n)} …`),
    changed: (n: number) => (n === 1 ? 'The account is enabled' : `${accounts(n)} are enabled`),
    confirm: (n: number) => `Enable ${accounts(n)}`,
    working: 'enabling',
    done: 'enabled',
  },
  changingQueue: {
    title: (n: number) => (n === 1 ? 'Change the queue of this account?' : `Change the queue of ${accounts(n)}?`),
    underWay: (n: number) => (n === 1 ? 'Changing the queue …' : `Changing the queue of ${accounts(n)} …`),
    changed: 'The routing is changed',
    confirm: (n: number) => `Change ${accounts(n)}`,
    from: 'Mail that goes to',
    anyDefault: 'the default queue of each account',
    to: 'goes from now on to',
    what: 'Rules keep their keywords and their order. What waits in queues stays there.',
    working: 'changing',
    done: 'changed',
    unchanged: 'nothing to change',
  },
};
