import { parseArgs } from 'node:util';
import { hostileSuite } from './bystander/hostile-suite.ts';
import { waitingSuite } from './bystander/waiting-suite.ts';
import { callsSuite } from './calls/calls-suite.ts';
import { chainsSuite } from './chains/chains-suite.ts';
import { checkSuite } from './check/check-suite.ts';
import { createsSuite } from './creates/creates-suite.ts';
import { engineSuite } from './engine/engine-suite.ts';
import { expressionsSuite } from './expressions/expressions-suite.ts';
import { filesSuite } from './files/files-suite.ts';
import { historySuite } from './history/history-suite.ts';
import { idleSuite } from './idle/idle-suite.ts';
import { journalSuite } from './journal/journal-suite.ts';
import { memorySuite } from './memory/memory-suite.ts';
import { querySuite } from './query/query-suite.ts';
import { savesSuite } from './save/saves-suite.ts';
import { type Suite, type SuiteOption, UsageError } from './suite.ts';

const SUITES: readonly Suite[] = [
  chainsSuite,
  callsSuite,
  savesSuite,
  createsSuite,
  checkSuite,
  expressionsSuite,
  querySuite,
  historySuite,
  journalSuite,
  engineSuite,
  idleSuite,
  waitingSuite,
  hostileSuite,
  memorySuite,
  filesSuite,
];

/** What the program was asked for; `help` when that was all. */
export function readCommandLine(args: readonly string[]):
  | { readonly help: string }
  | {
      readonly suites: readonly Suite[];
      readonly json: boolean;
      readonly option: (name: string) => string;
    } {
  const own = SUITES.flatMap(({ options }) => options);
  const { values, positionals } = parse(args, own);
  if (values['help'] === true) return { help: help() };
  const suites = positionals.length === 0 ? SUITES : positionals.map(suiteNamed);
  requireUsed(suites, own, values);
  return {
    suites,
    json: values['json'] === true,
    option(name) {
      const given = values[name];
      const option = own.find((one) => one.name === name);
      if (typeof given === 'string') return given;
      return (values['quick'] === true ? option?.quick : option?.default) ?? '';
    },
  };
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

function parse(args: readonly string[], own: readonly SuiteOption[]): { values: Values; positionals: string[] } {
  const flags = Object.fromEntries(['json', 'quick', 'help'].map((name) => [name, { type: 'boolean' as const }]));
  const texts = Object.fromEntries(own.map(({ name }) => [name, { type: 'string' as const }]));
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...flags, ...texts },
    });
    return { values: { ...values }, positionals };
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function suiteNamed(name: string): Suite {
  const suite = SUITES.find((one) => one.name === name);
  if (suite === undefined) {
    throw new UsageError(`there is no suite "${name}"; there are ${SUITES.map((one) => one.name).join(', ')}`);
  }
  return suite;
}

/** An option of a suite that is not run would be passed over silently. */
function requireUsed(suites: readonly Suite[], own: readonly SuiteOption[], values: Values): void {
  const used = new Set(suites.flatMap(({ options }) => options));
  const idle = own.find((option) => !used.has(option) && values[option.name] !== undefined);
  if (idle !== undefined) throw new UsageError(`--${idle.name} belongs to a suite that is not asked for`);
}

function help(): string {
  const suites = SUITES.flatMap(({ name, about, options }) => ['', `${name}: ${about}`, ...options.map(optionLine)]);
  return [
    'Usage: npm run bench -- [SUITE...] [OPTIONS]     all suites when none is named',
    '',
    '  --quick                    small counts, to try whether it works; the figures say little',
    '  --json                     everything measured as one JSON value, instead of tables',
    '  --help                     this text',
    ...suites,
    '',
  ].join('\n');
}

function optionLine(option: SuiteOption): string {
  const value = option.default === '' ? '' : ` (${option.default})`;
  return `  ${`--${option.name} ${option.value}`.padEnd(25)}  ${option.about}${value}`;
}
