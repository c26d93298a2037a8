const count = (n: number, one: string, many: string) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** Words of rules, and of trying them. */
export const routing = {
  noQueue: 'No queue',
  lead: 'The first rule with a keyword in the subject wins. Case does not matter.',
  rules: 'Rules, in order',
  addRule: 'Add queue',
  newQueue: 'New queue …',
  createQueue: 'Create a queue',
  create: 'Create',
  default: 'Default queue',
  defaultWhat: 'Takes everything that no rule matched. Without one, that is captured and listed below, in no queue.',
  queueOf: (position: number) => `Queue of rule ${position}`,
  keywordsOf: (position: number) => `Keywords of rule ${position}`,
  keywords: 'Type a keyword and press Enter, or paste a list',
  noRules: 'No rules yet: everything goes to the default queue.',
  move: (position: number) => `Move rule ${position} with the arrow keys`,
  moved: (position: number, all: number) => `The rule is number ${position} of ${all} now.`,
  removeRule: (position: number) => `Remove rule ${position}`,
  ruleProblems: {
    empty: 'Needs at least one keyword.',
    'too-many': 'Takes at most 100 keywords. Move the others to a rule of their own.',
    'too-long': 'Takes keywords of at most 200 characters.',
  },
  mostRules: 'An account takes at most 200 rules. Rules that lead to the same queue can be one.',
  save: 'Save routing',
  discard: 'Discard changes',
  unsaved: 'Unsaved changes',
  savedVersion: (version: number) => `Version ${version} is saved. It counts from the next message.`,
  restored: (when: string) => `Your unsaved changes from ${when} were restored.`,
  savedBy: (who?: string, when?: string) =>
    `${who ?? 'Another person'} has saved this routing${when === undefined ? ' in the meantime' : ` on ${when}`}:`,
  mergedWhat: 'Your changes were added to theirs and are not saved yet. Check the rules, then save.',
  mergedAway: 'You have no unsaved changes left.',
  ruleNamed: (queue: string, keywords: readonly string[]) =>
    keywords.length === 0 ? queue : `${queue} (${keywords.slice(0, 3).join(', ')}${keywords.length > 3 ? ', …' : ''})`,
  edits: {
    defaultQueue: (queue: string) => `The default queue is ${queue}.`,
    queue: (rule: string, queue: string) => `The rule ${rule} leads to ${queue}.`,
    order: 'The order of the rules changed.',
    keywords: (rule: string, added: readonly string[], removed: readonly string[]) =>
      `${[
        `Keywords of ${rule}:`,
        ...(added.length > 0 ? [`added ${added.map((keyword) => `“${keyword}”`).join(', ')}`] : []),
        ...(removed.length > 0 ? [`removed ${removed.map((keyword) => `“${keyword}”`).join(', ')}`] : []),
      ].join(' ')}.`,
    added: (rule: string) => `The rule ${rule} was added.`,
    removed: (rule: string) => `The rule ${rule} was removed.`,
    kept: 'You changed it, so it was kept.',
    back: (rule: string) => `The rule ${rule}, which you removed, was changed. It was restored.`,
    overruled: 'You changed it, too; your value was kept.',
  },
  leaveWhat: 'The changes of the routing are not saved.',
  duplicateHere: (keyword: string) => `“${keyword}” is in this rule twice.`,
  duplicate: (keyword: string, other: number) => `“${keyword}” is in rule ${other} already, which comes first.`,
  shadowed: (keyword: string, earlier: string, other: number) =>
    `“${keyword}” never decides: rule ${other} takes every subject with “${earlier}” first.`,
  tryTitle: 'Try it',
  tryWhat: 'Shows where a message would go with the rules as they stand here, saved or not.',
  subject: 'Subject',
  or: 'or choose a received message',
  received: 'Received messages',
  receivedNone: 'Nothing was received yet.',
  goesTo: 'Goes to',
  byRule: (position: number, keyword: string) => `Rule ${position}: the subject contains “${keyword}”.`,
  because: {
    'no-rule-matched': 'No rule matched, so the default queue takes it.',
    'no-subject': 'There is no subject, so the default queue takes it.',
    'no-rules': 'There are no rules, so the default queue takes it.',
  },
  noSubject: '(no subject)',
  rehearseTitle: 'Rehearse',
  rehearseWhat:
    'What the rules as they stand here would have done to the last 500 messages of this account. Nothing is moved.',
  rehearse: 'Rehearse',
  rehearseAgain: 'Rehearse again',
  rehearsalOld: 'The rules were changed since. Rehearse again.',
  moves: (moved: number, all: number) =>
    `${moved.toLocaleString('en')} of ${count(all, 'message', 'messages')} would have gone elsewhere.`,
  movesNone: (all: number) =>
    all === 1
      ? 'The only message would stay where it is.'
      : `All ${all.toLocaleString('en')} messages would stay where they are.`,
  rehearsedSince: (when: string) => `Received since ${when}.`,
  movesTable: 'Messages that would have gone elsewhere',
  wentTo: 'Went to',
  wouldGoTo: 'Would go to',
  why: 'Why',
  to: 'to',
  ruleNumber: (position: number) => `Rule ${position}`,
};
