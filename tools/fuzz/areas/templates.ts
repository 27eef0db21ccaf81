import type { Json } from '../../../src/core/json.ts';
import type { TemplateEnvironment } from '../../../src/expression/environment.ts';
import { compileTemplate, type TemplateKind } from '../../../src/expression/template.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { Grammar } from '../generate/grammar.ts';
import { HOSTILE_TEXTS, hostileText, randomText } from '../generate/hostile-text.ts';
import { JSONATA_GRAMMAR } from '../generate/jsonata-grammar.ts';
import { Mutator } from '../generate/mutation.ts';
import type { Random } from '../generate/random.ts';
import { AMBIENCE, ENVIRONMENT } from './environment.ts';
import { isPlaceName, type PlaceName, PLACES } from './template-places.ts';
import { checkPlace, checkProblem, checkRefusal } from './told-problem.ts';

/** Any text as a template of one kind, put in some place. */
interface FreeInput {
  readonly kind: TemplateKind;
  readonly text: string;
  readonly place: PlaceName;
}

/** Values put into the frame of a place: they must stay where they were put. */
interface FramedInput {
  readonly place: PlaceName;
  readonly values: readonly (string | number | boolean)[];
  /** For each value how it is named: `{a}`, `{record.b}`, `{= context.c }`. */
  readonly placeholders: readonly string[];
}

const KINDS: readonly TemplateKind[] = ['text', 'text', 'path', 'path', 'origin'];
const PLACE_NAMES = Object.keys(PLACES).filter(isPlaceName);
const VALUE_NAMES = ['a', 'b', 'c'] as const;
const BUDGET = { timeoutMs: 20 };
const COMPILING = /^(?:EXPRESSION|TEMPLATE)_[A-Z_]+$/u;
const FILLING = /^(?:EXPRESSION|PARAMETER)_[A-Z_]+$/u;

const FREE = new Grammar(
  {
    template: ['«piece»', '«piece»«template»', '«piece»«template»'],
    piece: [
      '/«letters»',
      '«letters»',
      '{«name»}',
      '{«name»}',
      '{= «jsonata» }',
      '{=raw «jsonata» }',
      '{{«letters»}',
      '{ "a": 1 }',
      '?q=',
      '«hostile»',
    ],
    name: [
      'a',
      'b',
      'record.a',
      'record.name',
      'context.token',
      'setting.head_office_url',
      'secret.key',
      'step.key',
      'nope',
      'x.y',
      'item',
    ],
  },
  (random, rule) => {
    if (rule === 'letters') return random.pick(['a', 'bc', 'orders', 'v2']);
    if (rule === 'hostile') return hostileText(random);
    return rule === 'jsonata' ? JSONATA_GRAMMAR.expand(random, 'expression', 6) : undefined;
  },
);

const mutator = new Mutator({
  texts: [
    '/customers/{customer}/orders?key={step.key}',
    "Order {record.order_no} of {= $DateTime('yyyy-MM-dd') }",
    '{setting.head_office_url}/webservice.php',
    'Bearer {secret.key}',
    '{ "a": "{a}", "b": [{= $string(context.lines) }] }',
    'literal {{record.x} and {= {"a": "}"}.a } and {= /[}]/ } /* } */ {=raw record.name }',
    '<a b="{a}">{record.name}</a>',
  ],
  words: ['{', '}', '{=', '{=raw ', '{{', 'record', 'a', '.', ...HOSTILE_TEXTS],
  brackets: [
    ['{', '}'],
    ['{= ', ' }'],
    ['{= (', ') }'],
    ['"', '"'],
    ['{a}', ''],
  ],
});

/** Templates in every place: text or an error of the product, and no value leaves its place. */
export const AREA: Area = {
  name: 'templates',
  limitMs: 1000,
  generate(random): Json {
    if (random.below(2) === 0) return framedInput(random);
    const text = random.weighted([
      [1, randomText],
      [4, (one: Random) => mutator.mutated(one)],
      [5, (one: Random) => FREE.expand(one, 'template', 12)],
    ])(random);
    return { kind: random.pick(KINDS), text, place: random.pick(PLACE_NAMES) };
  },
  open: () => Promise.resolve({ judge, close: () => Promise.resolve() } satisfies Target),
};

function framedInput(random: Random): Json {
  const placeholders = VALUE_NAMES.map((name) =>
    random.pick([
      `{${name}}`,
      `{record.${name}}`,
      `{context.deep.${name}}`,
      `{= record.${name} }`,
      `{=record.${name}}`,
    ]),
  );
  const values = VALUE_NAMES.map(() => value(random));
  return { place: random.pick(PLACE_NAMES), values, placeholders };
}

function value(random: Random): string | number | boolean {
  if (random.oneIn(8)) return random.pick([0, -1.5, 1e21, 1e-7, 123456789012345680000, true, false]);
  return random.oneIn(3) ? randomText(random, 40) : hostileText(random);
}

async function judge(input: Json): Promise<Verdict> {
  try {
    const given = input as unknown as FreeInput | FramedInput;
    return await ('kind' in given ? judgeFree(given) : judgeFramed(given));
  } catch (thrown) {
    return checkRefusal(thrown, FILLING);
  }
}

async function judgeFree({ kind, text, place }: FreeInput): Promise<Verdict> {
  const compiled = compileTemplate(text, { kind });
  for (const problem of compiled.ok ? compiled.warnings : [compiled.problem]) checkProblem(text, problem, COMPILING);
  if (!compiled.ok) return 'refused';
  const { references, isLiteral } = compiled.value;
  for (const reference of references) checkPlace(text, reference);
  const isOwn = kind !== 'origin' || references.every(({ root }) => root === 'setting');
  promise(isOwn, () => `an origin is made of ${JSON.stringify(references)}`);
  const filled = await compiled.value.evaluate(environmentOf(['A', 'B', 'C']), PLACES[place].escape, BUDGET);
  promise(typeof filled === 'string', () => `filled with ${typeof filled}`);
  promise(!isLiteral || references.length === 0, () => 'a literal with references');
  return 'accepted';
}

async function judgeFramed({ place, values, placeholders }: FramedInput): Promise<Verdict> {
  const { frame, kind, escape, read } = PLACES[place];
  let next = 0;
  const text = frame.replaceAll('*', () => placeholders[next++] ?? '');
  const compiled = compileTemplate(text, { kind });
  promise(compiled.ok, () => `${text} cannot be compiled: ${compiled.ok ? '' : compiled.problem.message}`);
  const filled = await compiled.value.evaluate(environmentOf(values), escape);
  const expected = values.slice(0, next).map((one) => textOf(one, place));
  const found = read(filled);
  promise(
    JSON.stringify(found) === JSON.stringify(expected),
    () =>
      `${text} became ${JSON.stringify(filled)}, which reads as ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`,
  );
  return 'accepted';
}

/** What has to be read again. Numbers are written in full; half a surrogate pair has no UTF-8 and so none in a URL. */
function textOf(given: string | number | boolean, place: PlaceName): string {
  const text = typeof given === 'number' && Math.abs(given) < 1 && given !== 0 ? '0.0000001' : String(given);
  return PLACES[place].keepsHalves ? text : text.toWellFormed();
}

function environmentOf(values: FramedInput['values']): TemplateEnvironment {
  const named = Object.fromEntries(VALUE_NAMES.map((name, index) => [name, values[index] ?? '']));
  return {
    values: {
      ...ENVIRONMENT,
      record: { ...ENVIRONMENT.record, ...named },
      context: { ...ENVIRONMENT.context, deep: named },
    },
    ambience: AMBIENCE,
    parameter: (name) => (Object.hasOwn(named, name) ? named[name] : undefined),
    secret: (name) => (name === 'key' ? 's3cret' : undefined),
    step: { key: 'mw-1-7-create' },
    related: { 'account_id.accountname': 'Rowley' },
  };
}
