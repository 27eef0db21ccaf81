import type { Json } from '../../../src/core/json.ts';
import { META_NAMES } from '../../../src/expression/legacy/template/meta-name.ts';
import { compileLegacyTemplate, type LegacyTemplate } from '../../../src/expression/legacy/template/template.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { Grammar } from '../generate/grammar.ts';
import { HOSTILE_TEXTS, hostileText, randomText } from '../generate/hostile-text.ts';
import { LEGACY_GRAMMAR } from '../generate/legacy-grammar.ts';
import { Mutator } from '../generate/mutation.ts';
import type { Random } from '../generate/random.ts';
import { type LegacyWorld, openLegacyWorld } from './legacy-world.ts';
import { checkPlace, checkProblem, checkRefusal } from './told-problem.ts';

interface TemplateInput {
  readonly text: string;
  readonly keepVariables: boolean;
  readonly onData: boolean;
}

const BUDGET = { timeoutMs: 20 };
const COMPILING = /^(?:TEMPLATE|EXPRESSION)_[A-Z_]+$/u;
const RENDERING = /^(?:EXPRESSION|CALL|RULE|MODULE|CONDITION)_[A-Z_]+$/u;

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
    name: 'name price employees ticked day stamp hours status colours account_id assigned_user_id recordid record_id record_module nosuch empty constructor 0 _'.split(
      ' ',
    ),
    module: ['Accounts', 'Users', 'Lines', 'nosuch', '__VtigerMeta__'],
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
  open: () => Promise.resolve(new TemplateTarget()),
};

class TemplateTarget implements Target {
  readonly #world: LegacyWorld = openLegacyWorld();

  async judge(input: Json): Promise<Verdict> {
    const { text, keepVariables, onData } = input as unknown as TemplateInput;
    const compiled = compileLegacyTemplate(text, { keepVariables });
    for (const problem of compiled.ok ? compiled.warnings : [compiled.problem]) checkProblem(text, problem, COMPILING);
    if (!compiled.ok) return 'refused';
    for (const reference of compiled.value.references) checkPlace(text, reference);
    try {
      const rendered = await this.#render(compiled.value, onData);
      promise(typeof rendered === 'string', () => `rendered as ${typeof rendered}`);
      promise(/[$Ç]/u.test(text) || rendered === text, () => 'a text without variables was changed');
      const again = await this.#render(compiled.value, onData);
      promise(rendered === again, () => `rendered twice: ${rendered.slice(0, 500)} and ${again.slice(0, 500)}`);
      return 'accepted';
    } catch (thrown) {
      return checkRefusal(thrown, RENDERING);
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Each time in an environment of its own, as functions change the context. */
  #render(template: LegacyTemplate, onData: boolean): Promise<string> {
    const data = { name: 'Row', lines: [{ sku: 'A' }], account_id: '75', flag: true };
    return template.render(this.#world.environment('record'), { budget: BUDGET, ...(onData ? { data } : {}) });
  }
}
