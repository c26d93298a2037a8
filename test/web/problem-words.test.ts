import { describe, expect, it } from 'vitest';
import { Problem, problemDocument } from '../../api/http/problem.ts';
import { problemReasons } from '../../api/http/problem-reasons.ts';
import { toProblem } from '../../api/http/to-problem.ts';
import { type ValueReason, valueProblem, valueReasons } from '../../api/http/value-problem.ts';
import { sendingReasons } from '../../domain/answer.ts';
import { Failure, failureReasons, failureTypes } from '../../domain/failure.ts';
import { ProblemError } from '../../web/api/problem-error.ts';
import { deskProblemWordsDe, sendingWordsDe } from '../../web/words/de/desk.ts';
import { serverWordsDe } from '../../web/words/server-words.ts';

const { reasons, values } = serverWordsDe;
const problems = { ...serverWordsDe.problems, ...deskProblemWordsDe };

/** As a page receives it. */
function received(problem: Problem): ProblemError {
  return ProblemError.of(problem.status, JSON.parse(JSON.stringify(problemDocument(problem, 'a-reference'))));
}

/** What a German page says of it; undefined: it would be shown in English. */
function germanOf(error: ProblemError): string | undefined {
  const { reason = '' } = error.details;
  const known = problems[reason] ?? reasons[reason];
  return typeof known === 'function' ? known(error.details) : known;
}

describe('a German page', () => {
  it('has words for every refusal of the API, and for no others', () => {
    expect(Object.keys(problems).sort()).toEqual(Object.keys(problemReasons).sort());
  });

  it('has words for every reason why an answer is not sent, and for no others', () => {
    expect(Object.keys(sendingWordsDe).sort()).toEqual([...sendingReasons].sort());
  });

  it('has words for everything that can be wrong with a value, and for nothing else', () => {
    expect(Object.keys(values).sort()).toEqual(Object.keys(valueReasons).sort());
  });

  it.each(failureReasons)('has words for a command that fails with %s', (reason) => {
    const error = received(toProblem(new Failure('Unavailable', 'ours', { reason })));
    expect(germanOf(error)).toMatch(/[.!]$/);
  });

  it.each(failureTypes)('has words for a command that fails as %s without a reason', (type) => {
    expect(germanOf(received(toProblem(new Failure(type, 'ours'))))).toMatch(/[.!]$/);
  });

  it.each(Object.keys(problemReasons) as (keyof typeof problemReasons)[])('has whole sentences for %s', (reason) => {
    const facts = {
      address: 'a@contoso.example',
      profile: 'Agent',
      name: 'Billing',
      defaultOf: ['a@contoso.example'],
      inRulesOf: [],
      openItems: 2,
      most: 4,
    };
    const errors = (Object.keys(valueReasons) as ValueReason[]).map((each) => valueProblem('/name', each));
    const words = germanOf(received(new Problem(reason, 'English.', { facts, errors })));
    expect(words).toMatch(/^[\p{Lu}\p{Ll}].*[.!]$/u);
    expect(words).not.toMatch(/undefined|NaN| {2}/);
  });

  it('names what holds a queue that cannot be removed', () => {
    const facts = { name: 'Billing', defaultOf: ['a@x.example', 'b@x.example'], inRulesOf: [], openItems: 1 };
    expect(germanOf(received(new Problem('queue-in-use', 'English.', { facts })))).toBe(
      'Die Warteschlange Billing ist die Standard-Warteschlange von a@x.example, b@x.example und enthält eine offene E-Mail. Wählen Sie zuerst andere Warteschlangen in der Verteilung dieser Konten. Erledigen Sie zuerst, was darin wartet.',
    );
    const many = { ...facts, defaultOf: Array.from({ length: 6 }, (_, n) => `${n}@x.example`), openItems: 0 };
    expect(germanOf(received(new Problem('queue-in-use', 'English.', { facts: many })))).toMatch(
      /und 1 weiteren.* lässt sich die Warteschlange vieler Konten auf einmal ändern\.$/,
    );
  });
});
