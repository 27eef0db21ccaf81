import type { TryMapReport } from '../../runtime/administration.ts';
import { PAGE_WIDTH } from '../table.ts';
import { oneLine } from '../text-layout.ts';
import { renderEffect, renderValue } from './effect.ts';
import { foldHanging, indent, renderAnswer, renderRequest, renderTimings } from './exchange.ts';
import { renderFailure } from './failure.ts';

/** How a trial is shown. */
export interface TryReportView {
  readonly sent: boolean;
  readonly maxBodyLines: number;
  /** True: the rule for the status and each output are told, those that came to nothing too. */
  readonly tellsOutputs: boolean;
  /** True: how what is shown can be written is told. */
  readonly mayWrite: boolean;
}

const WIDTH = PAGE_WIDTH - 2;

/** A map's trial: what was sent (or would be), what came back, and what it would write; sections with nothing in them are left out. */
export function renderTryReport(report: TryMapReport, view: TryReportView): string[] {
  const { request, failure, warnings, written } = report;
  const exchange = { width: WIDTH, headers: true, maxBodyLines: view.maxBodyLines };
  const sections = [
    section(
      view.sent ? 'request' : 'request (not sent)',
      request === undefined ? [] : renderRequest(request, exchange),
    ),
    section('answer', renderAnswered(report, view)),
    section(
      written === undefined ? 'would write' : 'written',
      outputLines(report, view).flatMap((line) => foldHanging(oneLine(line), WIDTH)),
    ),
    section('', adviceLines(report, view)),
    section(
      'warnings',
      warnings.flatMap((warning) => foldHanging(oneLine(warning), WIDTH)),
    ),
    section('failure', failure === undefined ? [] : renderFailure(failure, WIDTH)),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function renderAnswered({ answer, timings, rule }: TryMapReport, view: TryReportView): string[] {
  const exchange = { width: WIDTH, headers: true, maxBodyLines: view.maxBodyLines };
  // Where a call that was not answered lost its time.
  if (answer === undefined)
    return timings === undefined || !view.tellsOutputs ? [] : ['none', ...indent(renderTimings(timings))];
  const lines = renderAnswer(answer, exchange);
  if (!view.tellsOutputs || rule === undefined) return lines;
  const says = rule.from === 'default' ? 'by default' : `by the ${rule.from}`;
  const expected = `${rule.expected.join(' ')} counts as success, ${says}: ${rule.isMet ? 'met' : 'not met'}`;
  return [...lines.slice(0, 1), ...indent([expected]), ...lines.slice(1)];
}

/** What the outputs say; where each is told, those too that write nothing. */
function outputLines({ outputs, tried }: TryMapReport, { tellsOutputs }: TryReportView): string[] {
  if (!tellsOutputs || tried === undefined) return outputs.map(renderEffect);
  const taken = new Set<string>();
  const lines = tried.map((one) => {
    const { from, field, context, type, outcome, value, code, message } = one;
    const targets = [
      ...(field === undefined ? [] : [`field ${field}`]),
      ...(context === undefined ? [] : [`context ${context}`]),
    ];
    const effects = outputs.filter(
      (effect) => effect.from === from && targets.includes(`${effect.kind} ${effect.name}`) && outcome === 'written',
    );
    for (const { kind, name } of effects) taken.add(`${kind} ${name}`);
    if (effects.length > 0) return effects.map((effect) => `${renderEffect(effect)} (${type ?? 'text'})`);
    const to = `${from} -> ${targets.join(', ')}`;
    switch (outcome) {
      case 'failed':
        return [`${to}: ${code ?? ''} ${message ?? ''}`];
      case 'kept':
        return [
          `${to}: not written because of the failure, would be ${renderValue(value ?? null)} (${type ?? 'text'})`,
        ];
      case 'unasked':
        return [`${to}: not for such an answer`];
      case 'absent':
      case 'written':
        return [`${to}: the answer has none`];
    }
  });
  const others = outputs.filter(({ kind, name }) => !taken.has(`${kind} ${name}`));
  return [...lines.flat(), ...others.map(renderEffect)];
}

function adviceLines({ outputs, answer, written }: TryMapReport, { mayWrite, sent }: TryReportView): string[] {
  if (written !== undefined) {
    const what = written.fields.length === 0 ? 'nothing differed' : `changed ${written.fields.join(', ')}`;
    return [`record ${written.id}: ${what}`];
  }
  const isStored = outputs.some(({ kind, previous }) => kind === 'field' && previous !== undefined);
  return mayWrite && sent && answer !== undefined && isStored ? ['nothing was written; --write does it'] : [];
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return title === '' ? [...lines] : [title, ...indent(lines)];
}
