import type { RoutedMail } from '../evidence/evidence.ts';
import { findMailNumber } from '../plan/plan-mail.ts';
import type { SentMail } from './expectation.ts';
import type { Finding } from './finding.ts';
import { moment } from './moment.ts';

/** Checks that each mail was routed once, that none is missing, and that none was invented. */
export function checkMail(sent: readonly SentMail[], routed: readonly RoutedMail[]): readonly Finding[] {
  const copies = Map.groupBy(routed, ({ account, subject }) => `${account} ${findMailNumber(subject)}`);
  const findings: Finding[] = [];
  for (const { mail, account, sentFrom, expectation } of sent) {
    const own = copies.get(`${account} ${mail}`) ?? [];
    copies.delete(`${account} ${mail}`);
    const name = `mail ${mail} to account ${account}, sent at ${moment(sentFrom)}`;
    if (own.length === 0 && expectation === 'must') findings.push({ verdict: 'mail lost', what: `${name}: nowhere` });
    if (own.length > 1) {
      const times = own.map(({ routedBy }) => moment(routedBy)).join(', ');
      findings.push({ verdict: 'mail doubled', what: `${name}: routed at ${times}` });
    }
    for (const { item, routedBy } of own) {
      if (item === undefined) findings.push({ verdict: 'message without an item', what: name });
      if (expectation === 'must-not') {
        const what = `${name}, while it was disabled, resumed from now on: routed at ${moment(routedBy)}`;
        findings.push({ verdict: 'mail routed although it was left out', what });
      }
    }
  }
  for (const [name, [mail]] of copies) {
    findings.push({ verdict: 'mail that nobody sent', what: `account and mail ${name}: “${mail?.subject}”` });
  }
  return findings;
}
