import type { SimulatorControl } from '../../bench/stack/simulator-control.ts';
import type { Action, PlannedAccount } from '../plan/plan.ts';
import type { Recorder } from '../record/recorder.ts';
import type { Organisation } from './organisation.ts';

type MailAction = Extract<Action, { do: 'deliver' | 'edit' | 'move' | 'delete' | 'rename' }>;

/** Acts on mailboxes as senders and owners do, through the simulator's control API, which no harm touches. */
export function createMailboxActor(
  { addresses, inTurn }: Organisation,
  { simulator, accounts }: { readonly simulator: SimulatorControl; readonly accounts: readonly PlannedAccount[] },
  { operation }: Recorder,
): (actor: string, action: MailAction) => Promise<void> {
  const graphIds = new Map<number, string>();

  /** Never during a sign-in, which would still use the previous name and so sign in as another user. */
  const rename = (account: number, address: string) =>
    inTurn(account, async () => {
      // Polled accounts get no notifications under the new name either.
      if (accounts[account]?.kind === 'poll') {
        await simulator.call('POST', '/faults', { kind: 'validation-timeout', mailbox: address });
      }
      await simulator.call('PATCH', `/users/${addresses[account]}`, { address });
      addresses[account] = address;
    });

  async function perform(action: MailAction): Promise<void> {
    if (action.do === 'rename') return await rename(action.account, action.address);
    const messages = `/mailboxes/${addresses[action.account]}/messages`;
    if (action.do === 'deliver') {
      const { subject, folder } = action;
      const mail = { subject, text: `Mail ${action.mail}` };
      const { immutableId } = await simulator.call<{ immutableId: string }>(
        'POST',
        `${messages}?folder=${folder}`,
        mail,
      );
      graphIds.set(action.mail, immutableId);
      return;
    }
    const graphId = graphIds.get(action.mail);
    if (graphId === undefined) throw new Error(`Mail ${action.mail} was never delivered`);
    const message = `${messages}/${encodeURIComponent(graphId)}`;
    if (action.do === 'edit') await simulator.call('PATCH', message, { subject: action.subject });
    if (action.do === 'move') await simulator.call('POST', `${message}/move`, { folder: action.folder });
    if (action.do === 'delete') await simulator.call('DELETE', message);
  }

  return async (actor, action) => {
    const start = Date.now();
    try {
      await perform(action);
      operation({ ...action, actor, start, end: Date.now(), outcome: 'done' });
    } catch {
      operation({ ...action, actor, start, end: Date.now(), outcome: 'unknown' });
    }
  };
}
