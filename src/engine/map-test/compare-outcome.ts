import type { Json } from '../../core/json.ts';
import type { Located } from '../../core/diagnostic.ts';
import type { ExpectedAbsence, ExpectedResult, ExpectedWrite, WriteTarget } from '../../catalog/compiled-map-test.ts';
import { toPlainText } from '../../expression/plain-text.ts';
import type { PlainTrial } from '../try-map.ts';
import { compareValue } from './compare-value.ts';
import { type Difference, type NewElement, valueAttributes } from './difference.ts';

interface OutcomeQuestion {
  readonly expected: ExpectedResult;
  readonly trial: PlainTrial;
  /** Where a difference is told that no expectation stands for. */
  readonly name: Located<string>;
}

/** One value that was written to one place. */
export interface Written {
  readonly kind: WriteTarget['kind'];
  readonly name: string;
  readonly value: Json;
  readonly sensitive: boolean;
}

/** What the outputs wrote, place by place. */
export function writtenBy({ writes }: Pick<PlainTrial, 'writes'>): Written[] {
  const places = writes.flatMap(({ field, context, value, sensitive }) => [
    ...(field === undefined ? [] : [{ kind: 'field' as const, name: field, value, sensitive }]),
    ...(context === undefined ? [] : [{ kind: 'context' as const, name: context, value, sensitive }]),
  ]);
  // The last one written to a place is what stands there in the end.
  return [...new Map(places.map((written) => [`${written.kind} ${written.name}`, written])).values()];
}

/** Everything in which what came of the call is not what the case demands. */
export function compareOutcome(question: OutcomeQuestion): Difference[] {
  const { expected } = question;
  return [
    compareFailure(question),
    ...expected.written.map((written) => compareWritten(question, written)),
    ...expected.notWritten.map((absence) => compareAbsence(question, absence)),
    ...expected.warnings.map((warning) => compareWarning(question, warning)),
  ].filter((difference) => difference !== undefined);
}

function compareFailure({ expected, trial, name }: OutcomeQuestion): Difference | undefined {
  const { failed } = expected;
  const { failure, redactor } = trial;
  const redact = (text: string): string => redactor.redact(text);
  const actual = failure && `${failure.code} ${redact(failure.message)}`;
  if (failed === undefined) {
    if (failure === undefined) return undefined;
    return {
      kind: 'outcome',
      subject: 'outcome',
      expected: 'success',
      actual,
      range: name.range,
      hint: failure.hint === undefined ? `if that is right: <failed code="${failure.code}"/>` : redact(failure.hint),
      correction: { kind: 'addition', element: { name: 'failed', attributes: [['code', failure.code]] } },
    };
  }
  const isSame = failed.code.value === failure?.code;
  if (isSame && failure?.message.includes(failed.message?.value ?? '') === true) return undefined;
  const wanted = [failed.code.value, failed.message?.value].filter((part) => part !== undefined).join(' ... ');
  return {
    kind: 'outcome',
    subject: 'outcome',
    expected: redact(wanted),
    actual: actual ?? 'success',
    range: isSame ? (failed.message?.range ?? failed.range) : failed.code.range,
    hint: failure?.hint && redact(failure.hint),
    correction:
      failure === undefined
        ? { kind: 'removal', range: failed.range }
        : { kind: 'element', range: failed.range, element: { name: 'failed', attributes: [['code', failure.code]] } },
  };
}

function compareWritten({ trial }: OutcomeQuestion, { target, value, range }: ExpectedWrite): Difference | undefined {
  const found = writtenBy(trial).find((written) => isAt(written, target));
  const place: readonly [string, string] = [target.kind, target.name.value];
  return compareValue({
    kind: 'written',
    subject: describe({ kind: target.kind, name: target.name.value }),
    expected: value,
    actual: found?.value,
    range,
    element: { name: 'written', attributes: [place] },
    redactor: trial.redactor,
  });
}

function compareAbsence({ trial }: OutcomeQuestion, { target, range }: ExpectedAbsence): Difference | undefined {
  const found = writtenBy(trial).filter((written) => target === undefined || isAt(written, target));
  const [first] = found;
  if (first === undefined) return undefined;
  const { redactor } = trial;
  const shown = found.map((written) => `${describe(written)} = ${redactor.redact(JSON.stringify(written.value))}`);
  return {
    kind: 'written',
    subject: target === undefined ? 'anything written' : describe(first),
    expected: undefined,
    actual: shown.join(', '),
    range,
    hint: undefined,
    // One place was said to stay as it is, or all were: in either case the first that did not takes its stead.
    correction: { kind: 'element', range, element: writtenElement(first, redactor) },
  };
}

function compareWarning({ trial }: OutcomeQuestion, warning: Located<string>): Difference | undefined {
  if (trial.warnings.some((given) => given.includes(warning.value))) return undefined;
  const given = trial.warnings.map((text) => trial.redactor.redact(text));
  return {
    kind: 'warning',
    subject: 'warning',
    expected: warning.value,
    actual: given.length === 0 ? undefined : given.join('\n'),
    range: warning.range,
    hint: undefined,
    correction: { kind: 'removal', range: warning.range },
  };
}

function isAt(written: Written, target: WriteTarget): boolean {
  return written.kind === target.kind && written.name === target.name.value;
}

function describe({ kind, name }: Pick<Written, 'kind' | 'name'>): string {
  return kind === 'field' ? `field ${name}` : `context ${name}`;
}

/** A `<written>` that expects what was written; without its value when that is a secret. */
export function writtenElement(written: Written, redactor: PlainTrial['redactor']): NewElement {
  const { kind, name, value } = written;
  const text = value === null ? null : toPlainText(value);
  const attributes = written.sensitive ? [] : valueAttributes(text, redactor.redact(text ?? ''));
  return { name: 'written', attributes: [[kind, name], ...attributes] };
}
