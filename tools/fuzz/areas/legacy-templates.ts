import { MapwrightError } from '../../../src/core/error.ts';
import type { Json } from '../../../src/core/json.ts';
import { META_NAMES } from '../../../src/expression/legacy/template/meta-name.ts';
import { compileLegacyTemplate, type LegacyTemplate } from '../../../src/expression/legacy/template/template.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { Grammar } from '../generate/grammar.ts';
import { HOSTILE_TEXTS, hostileText, randomText } from '../generate/hostile-text.ts';
import { LEGACY_GRAMMAR } from '../generate/legacy-grammar.ts';
import { Mutator } from '../generate/mutation.ts';
import type { Random } from '../generate/random.ts';
import { legacyEnvironment } from './environment.ts';

interface TemplateInput {
  readonly text: string;
  readonly keepVariables: boolean;
  readonly onData: boolean;
}

const BUDGET = { timeoutMs: 20 };

const GRAMMAR = new Grammar(
  {
    template: ['«piece»', '«piece»«template»', '«piece»«template»', '«piece» «template»'],
    piece: [
      '$«name»',
      '$«name»',
      '$(«name» : («module») «name»)',
      '«function»',
      '«meta»',
      'Ç«name».«name»',
      '«hostile»',
      '$100',
    ],
    function: ['$(general : (__WorkflowFunction__) «expression» )', '$(general : (__WorkflowFunction__) «expression»'],
    meta: ['$(general : (__VtigerMeta__) «known»)', '$(general : (__VtigerMeta__) «name»)'],
    name: ['name', 'price', 'account_id', 'recordid', 'nosuch', 'empty', '0', '_'],
    module: ['Accounts', 'Users', 'nosuch', '__VtigerMeta__'],
  },
  (random, rule) => {
    if (rule === 'hostile') return hostileText(random);
    if (rule === 'known') return random.pick(META_NAMES);
    return rule === 'expression' ? LEGACY_GRAMMAR.expand(random, 'expression', 8) : undefined;
  },
);

const mutator = new Mutator({
  texts: [
    'Dear $(contact_id : (Contacts) firstname) $lastname, order $order_no of $day',
    '$(general : (__WorkflowFunction__) concat(uppercase(name),$(account_id : (Accounts) x)) ), $(general : (__VtigerMeta__) date)',
    "<a href='$(general : (__VtigerMeta__) crmdetailviewurl)'>$name</a> costs $100",
    'Çcustomer.id/$(assigned_user_id : (Users) email1)',
  ],
  words: [...HOSTILE_TEXTS, '$', '$(', ' : (', ') ', 'Ç', "'", '\\', '__WorkflowFunction__'],
  brackets: [
    ['(', ')'],
    ['$(general : (__WorkflowFunction__) ', ' )'],
    ["'", "'"],
  ],
});

/** Templates of the original: a text or an error of the product, the same when rendered again. */
export const AREA: Area = {
  name: 'legacy-templates',
  limitMs: 1000,
  generate(random): Json {
    const text = random.weighted([
      [1, randomText],
      [3, (one: Random) => mutator.mutated(one)],
      [8, (one: Random) => GRAMMAR.expand(one, 'template', one.oneIn(5) ? 60 : 12)],
      [1, (one: Random) => mutator.mutate(one, GRAMMAR.expand(one, 'template', 10))],
    ])(random);
    return { text, keepVariables: random.oneIn(3), onData: random.oneIn(3) };
  },
  open: () => Promise.resolve({ judge, close: () => Promise.resolve() } satisfies Target),
};

async function judge(input: Json): Promise<Verdict> {
  const { text, keepVariables, onData } = input as unknown as TemplateInput;
  const compiled = compileLegacyTemplate(text, { keepVariables });
  for (const problem of compiled.ok ? compiled.warnings : [compiled.problem]) {
    const isKnown = /^(?:TEMPLATE|EXPRESSION)_[A-Z_]+$/u.test(problem.code) && problem.message !== '';
    promise(isKnown, () => `${problem.code}: ${problem.message}`);
    checkPlace(text, problem);
  }
  if (!compiled.ok) return 'refused';
  for (const reference of compiled.value.references) checkPlace(text, reference);
  try {
    const rendered = await render(compiled.value, onData);
    promise(/[$Ç]/u.test(text) || rendered === text, () => 'a text without variables was changed');
    const again = await render(compiled.value, onData);
    promise(rendered === again, () => `rendered twice: ${rendered.slice(0, 500)} and ${again.slice(0, 500)}`);
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    promise(
      /^EXPRESSION_[A-Z_]+$/u.test(thrown.code) && thrown.message !== '',
      () => `${thrown.code}: ${thrown.message}`,
    );
    return 'refused';
  }
  return 'accepted';
}

/** Each time in an environment of its own, as functions change the context. */
function render(template: LegacyTemplate, onData: boolean): Promise<string> {
  const environment = legacyEnvironment('record');
  const data = { name: 'Row', lines: [{ sku: 'A' }], account_id: '746', flag: true };
  return template.render(environment, { budget: BUDGET, ...(onData ? { data } : {}) });
}

function checkPlace(text: string, { offset, length }: { readonly offset: number; readonly length: number }): void {
  const isInside = offset >= 0 && length >= 0 && offset + length <= text.length;
  promise(isInside, () => `the place ${offset}+${length} is outside of a text of ${text.length}`);
}
