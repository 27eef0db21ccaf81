import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import type { CompileResult } from '../../src/expression/compiled.ts';
import { compileJsonata } from '../../src/expression/jsonata.ts';
import { compileLegacy } from '../../src/expression/legacy/legacy.ts';
import { compilePath } from '../../src/expression/output-path.ts';
import { compileTemplate } from '../../src/expression/template.ts';
import type { TimedWork } from '../measure/timing-loop.ts';
import { BODY, CONTEXT, ENVIRONMENT, LEGACY_ENVIRONMENT, RECORD } from './sample-data.ts';

/** The same computation twice: as a document says it, and as somebody would write it by hand. */
export interface Subject {
  readonly title: string;
  readonly text: string;
  readonly evaluated: TimedWork;
  readonly byHand: () => unknown;
}

const asIs = (value: string): string => value;
const path = valueOf(compilePath("result.items.1.links['self.href']"));

/** What is compared. Everything is compiled beforehand, as a catalog does it. */
export const SUBJECTS: readonly Subject[] = [
  jsonata('JSONata, a field', 'record.order_no', () => RECORD.order_no),
  jsonata('JSONata, a condition', `record.status = 'Open' and record.total > 1000`, () => {
    return RECORD.status === 'Open' && RECORD.total > 1000;
  }),
  jsonata('JSONata, a sum over lines', '$sum(record.lines.(quantity * price))', () =>
    RECORD.lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0),
  ),
  template('template, three names', 'Order {record.order_no} of {record.account}: {record.total}', () => {
    return `Order ${RECORD.order_no} of ${RECORD.account}: ${String(RECORD.total)}`;
  }),
  template('template with JSONata', 'Order {record.order_no}: {= record.total - record.discount }', () => {
    return `Order ${RECORD.order_no}: ${String(RECORD.total - RECORD.discount)}`;
  }),
  legacy('legacy, concat', `concat('Order ', order_no, ' of ', account)`, () => {
    return `Order ${RECORD.order_no} of ${RECORD.account}`;
  }),
  legacy('legacy, the key of a login', `hash(concat(getFromContext('peer_session'), 'ACCESS-KEY'), 'md5')`, () => {
    return hash('md5', `${CONTEXT.peer_session}ACCESS-KEY`, 'hex');
  }),
  legacy('legacy, if and sum', `if total > 1000 then 10 + total * 2 else total end`, () => {
    return RECORD.total > 1000 ? 10 + RECORD.total * 2 : RECORD.total;
  }),
  {
    title: 'output path',
    text: path.text,
    evaluated: { work: () => path.read(BODY), isAsync: false },
    byHand: () => BODY.result.items[1]?.links['self.href'],
  },
];

/** Rejects when the two ways of a subject do not give the same. */
export async function requireSameResults(): Promise<void> {
  for (const { title, evaluated, byHand } of SUBJECTS) {
    const given = await evaluated.work();
    const value = typeof given === 'object' && given !== null && 'value' in given ? given.value : given;
    assert.deepEqual(value, byHand(), title);
  }
}

function jsonata(title: string, text: string, byHand: () => unknown): Subject {
  const compiled = valueOf(compileJsonata(text));
  const work = (): unknown => compiled.evaluate(ENVIRONMENT.values, ENVIRONMENT.ambience);
  return { title, text, evaluated: { work, isAsync: true }, byHand };
}

function template(title: string, text: string, byHand: () => unknown): Subject {
  const compiled = valueOf(compileTemplate(text));
  return { title, text, evaluated: { work: () => compiled.evaluate(ENVIRONMENT, asIs), isAsync: true }, byHand };
}

function legacy(title: string, text: string, byHand: () => unknown): Subject {
  const compiled = valueOf(compileLegacy(text));
  return { title, text, evaluated: { work: () => compiled.evaluate(LEGACY_ENVIRONMENT), isAsync: true }, byHand };
}

function valueOf<T>(result: CompileResult<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.problem.code}: ${result.problem.message}`);
}
