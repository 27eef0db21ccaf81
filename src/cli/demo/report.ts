import { cut, padEnd, padStart } from '../text-layout.ts';
import type { Comparison, DemoFacts, RunFact, Scene, StepFact, Totals } from './facts.ts';

const WIDTH = 110;
const INDENT = '   ';

/** The demo's facts as a page for people: at most 110 columns. */
export function renderReport(facts: DemoFacts): string {
  const what = facts.documents === 'native' ? '5 maps' : 'the 5 published maps';
  const lines = [
    `Mapwright demo   two installs, ${what}, 2 workflows, real HTTP, real SQLite`,
    '',
    `  A  ${facts.a.url}   checked ${countDocuments(facts.a.checked)}: ${facts.a.errors} errors`,
    `  B  ${facts.b.url}   ${facts.b.products} products already there`,
    ...facts.scenes.flatMap((scene, index) => ['', ...renderScene(scene, index + 1)]),
    ...(facts.comparison === undefined ? [] : ['', ...renderComparison(facts.comparison)]),
    '',
    renderTotals(facts.totals, facts.failures),
    ...facts.failures.map((failure) => `   FAILED: ${failure}`),
    ...notes(facts),
    '',
    ...renderNext(facts),
  ];
  return lines.map((line) => cut(line.trimEnd(), WIDTH)).join('\n');
}

const KINDS: readonly (readonly [kind: string, one: string, many: string])[] = [
  ['module', 'module', 'modules'],
  ['service', 'service', 'services'],
  ['map', 'map', 'maps'],
  ['workflow', 'workflow', 'workflows'],
];

function countDocuments(counts: Readonly<Record<string, number>>): string {
  return KINDS.flatMap(([kind, one, many]) => {
    const count = counts[kind] ?? 0;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  }).join(', ');
}

function renderScene(scene: Scene, number: number): string[] {
  return [
    `${number}  ${scene.title}`,
    ...scene.saves.map(({ id, what, ms, peerIsDown }) =>
      columns(`saved    ${id}  ${cut(showLineBreaks(what), 58)}`, `${ms} ms`, peerIsDown ? 'B is down' : ''),
    ),
    ...scene.waiting.map(({ run, reason }) => cut(`${INDENT}run ${run}    waiting   ${reason}`, WIDTH)),
    ...(scene.waiting.length === 0 ? [] : [`${INDENT}B is switched on`]),
    ...scene.runs.flatMap((run) => renderRun(run, scene.detail)),
    ...renderUntouched(scene.untouched),
  ];
}

function showLineBreaks(text: string): string {
  return text.replaceAll('\n', '⏎');
}

/** Text, time at a fixed column, remark. */
function columns(text: string, time: string, remark = ''): string {
  return `${INDENT}${padEnd(text, 72)}${padStart(time, 7)}   ${remark}`;
}

function renderRun(run: RunFact, detail: Scene['detail']): string[] {
  if (detail === 'ends') {
    const tries = run.tries === 1 ? '1 try' : `${run.tries} tries, ${(run.ms / 1000).toFixed(1)} s`;
    return [`${INDENT}run ${run.id}    ${run.status} after ${tries}`];
  }
  const head = columns(`${padEnd(`run ${run.id}`, 9)}${padEnd(run.workflow, 51)}${run.status}`, `${run.ms} ms`);
  const indent = ' '.repeat(12);
  if (detail === 'brief') {
    const steps = run.steps.map((step) => `${step.task}   ${step.status ?? '---'} ${padStart(String(step.ms), 3)} ms`);
    return [head, indent + steps.join('     ')];
  }
  return [head, ...run.steps.flatMap((step) => renderStep(step, indent))];
}

function renderStep(step: StepFact, indent: string): string[] {
  const call = [
    padEnd(step.task, 11),
    padEnd(step.method, 5),
    padEnd(step.operation, 14),
    padEnd(String(step.status ?? '---'), 5),
    padStart(`${step.ms} ms`, 6),
  ].join(' ');
  const [first = '', ...rest] = step.effects;
  const lines = [`${indent}${call}   ${first}`, ...rest.map((effect) => `${indent}${' '.repeat(49)}${effect}`)];
  return step.failure === undefined ? lines : [...lines, ...foldFailure(step.failure, indent)];
}

function foldFailure(failure: string, indent: string): string[] {
  const text = `FAILED ${showLineBreaks(failure)}`;
  const width = WIDTH - indent.length - 4;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && padEnd(`${line} ${word}`, 0).length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${indent}    ${one}`);
}

function renderUntouched(untouched: Scene['untouched']): string[] {
  const names = Object.entries(untouched);
  if (names.length === 0) return [];
  return [`${INDENT}A        ${names.map(([name, kept]) => `${name} ${kept ? 'untouched' : 'CHANGED'}`).join('   ')}`];
}

function renderComparison({ a, b, fields }: Comparison): string[] {
  const row = (name: string, mine: string, theirs: string, verdict: string): string =>
    `${INDENT}${padEnd(name, 15)}${padEnd(cut(showLineBreaks(mine), 40), 42)}${padEnd(cut(showLineBreaks(theirs), 40), 42)}${verdict}`;
  return [
    row('field', `A ${a}`, `B ${b}`, ''),
    ...fields.map((field) => row(field.name, shown(field.name, field.a), shown(field.name, field.b), field.verdict)),
  ];
}

/** Prices without the zeros beyond the cents that the wire carries. */
function shown(name: string, value: string): string {
  return name === 'unit_price' ? value.replace(/(\.\d\d)0+$/u, '$1') : value;
}

function renderTotals(totals: Totals, failures: readonly string[]): string {
  const parts = [
    `${totals.saves} saves accepted`,
    `${totals.completed} runs completed`,
    ...(totals.failed === 0 ? [] : [`${totals.failed} failed`]),
    totals.lost === 0 ? '0 lost' : `LOST ${totals.lost}`,
    totals.duplicated === 0 ? '0 duplicated' : `DUPLICATED ${totals.duplicated}`,
    `${totals.sessionsOpen} sessions left open at B`,
  ];
  return `${INDENT}${parts.join('   ')}   ${failures.length === 0 ? 'OK' : ''}`;
}

function notes({ documents, totals }: DemoFacts): string[] {
  if (documents === 'native' || totals.sessionsOpen === 0) return [];
  return [`${INDENT}(the published logout map sends no session name, so it cannot log out: maps/product-sync does)`];
}

function renderNext({ documents, scenes }: DemoFacts): string[] {
  const last = scenes.at(-1)?.runs[0]?.id ?? 1;
  return [
    'Next   npm run demo -- --keep          leave both running and look at them',
    `       npx mapwright runs show ${last} --at A   what was sent, answered and changed, step by step (after --keep)`,
    documents === 'native'
      ? '       maps/product-sync/               the documents you have just seen'
      : '       maps/corebos-sync/               the documents you have just seen',
  ];
}
