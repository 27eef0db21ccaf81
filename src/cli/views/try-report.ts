import type { TryMapReport } from '../../runtime/administration.ts';
import { PAGE_WIDTH } from '../table.ts';
import { oneLine } from '../text-layout.ts';
import { renderEffect } from './effect.ts';
import { foldHanging, indent, renderAnswer, renderRequest } from './exchange.ts';
import { renderFailure } from './failure.ts';

const VIEW = { width: PAGE_WIDTH - 2, headers: true, maxBodyLines: Number.POSITIVE_INFINITY };

/** A map's trial: what was sent (or would be), what came back, and what it would write. */
export function renderTryReport(report: TryMapReport, params: { readonly sent: boolean }): string[] {
  const { request, answer, failure, outputs, warnings } = report;
  const sections = [
    section(params.sent ? 'request' : 'request (not sent)', request === undefined ? [] : renderRequest(request, VIEW)),
    section('answer', answer === undefined ? [] : renderAnswer(answer, VIEW)),
    section(
      'would write',
      outputs.flatMap((output) => foldHanging(renderEffect(output), VIEW.width)),
    ),
    section(
      'warnings',
      warnings.flatMap((warning) => foldHanging(oneLine(warning), VIEW.width)),
    ),
    section('failure', failure === undefined ? [] : renderFailure(failure, VIEW.width)),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...indent(lines)];
}
