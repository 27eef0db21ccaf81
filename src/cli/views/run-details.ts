import type { Run, RunTrigger, RunWait } from '../../core/run.ts';
import type { Attempt, Step } from '../../core/step.ts';
import type { RunDetails } from '../../runtime/administration.ts';
import { renderDuration, renderMoment } from '../duration.ts';
import { PAGE_WIDTH, renderTable } from '../table.ts';
import { oneLine } from '../text-layout.ts';
import { renderEffect, renderValue } from './effect.ts';
import { foldHanging, indent, renderAnswer, renderRequest } from './exchange.ts';
import { renderDelivery } from './delivery.ts';
import { renderFailure } from './failure.ts';
import { renderKeys } from './run-keys.ts';
import { runStatusWord } from './run-status.ts';

/** How much of a run is shown. */
export interface RunDetailsView {
  /** brief: no requests and answers; full: headers and whole bodies too. */
  readonly detail: 'brief' | 'normal' | 'full';
  /** Milliseconds since the epoch: what waiting times count from. */
  readonly now: number;
}

const STEP_INDENT = '   ';
const STEP_WIDTH = PAGE_WIDTH - STEP_INDENT.length;
const SHOWN_BODY_LINES = 20;
const SHOWN_CHANGES = 3;

/** A run from its start to where it stands: a header, then what each step sent, got and changed. */
export function renderRunDetails({ run, steps, plan, deliveries = [] }: RunDetails, view: RunDetailsView): string[] {
  return [
    ...renderHeader(run, { now: view.now, plan }),
    ...(steps.length === 0 ? ['', 'no step has begun'] : []),
    ...steps.flatMap((step) => [...(view.detail === 'brief' ? [] : ['']), ...renderStep(step, view)]),
    ...(deliveries.length === 0 ? [] : ['', ...deliveries.flatMap((one) => renderDelivery(one, view.now))]),
  ];
}

function renderHeader(run: Run, { now, plan }: { readonly now: number; readonly plan: string | undefined }): string[] {
  const took = (run.endedAt ?? now) - run.acceptedAt;
  const first = `run ${run.id}   ${run.workflow}   ${runStatusWord(run)}   ${renderDuration(took)}`;
  const facts = [
    ...(run.recordId === undefined
      ? []
      : [['record', `${run.recordId}${run.module === undefined ? '' : ` in ${run.module}`}`]]),
    ...(Object.keys(run.keys).length === 0 ? [] : [['keys', renderKeys(run)]]),
    ['started by', `${run.initiator}, ${renderTrigger(run.trigger)}`],
    ['accepted', `${renderMoment(run.acceptedAt)}, revision ${run.revision}${renderOrigin(run)}`],
    ...(run.wait?.for === 'person' && run.cancelRequested === undefined
      ? [['to go on', `mapwright inbox show ${run.id} says what fits; runs retry ${run.id} tries again`]]
      : []),
    ...(run.cancelRequested === undefined ? [] : [['cancel', run.cancelRequested]]),
  ];
  const failure = run.failure === undefined ? [] : ['', ...renderFailure(run.failure, PAGE_WIDTH)];
  return [
    oneLine(first),
    ...indent(renderTable([{ title: '' }, { title: '', gives: true }], facts, PAGE_WIDTH - 2)),
    // Folded, not cut: until when it waits stands at the end.
    ...(run.wait === undefined ? [] : indent(foldHanging(`waits: ${renderWait(run.wait, now)}`, PAGE_WIDTH - 2))),
    ...(plan === undefined || run.wait === undefined
      ? []
      : indent(foldHanging(`if it fails: ${plan}`, PAGE_WIDTH - 2))),
    ...failure,
  ];
}

function renderOrigin(run: Run): string {
  return run.rootRun === run.id ? '' : `, started by a chain from run ${run.rootRun} (depth ${run.depth})`;
}

function renderTrigger(trigger: RunTrigger): string {
  if (trigger.related !== undefined) return `${trigger.event} with ${trigger.related.id}`;
  if (trigger.schedule !== undefined)
    return `schedule ${trigger.schedule.name}, ${renderMoment(trigger.schedule.slot)}`;
  if (trigger.once === true) return `${trigger.event}: true for the first time`;
  if (trigger.event !== 'update' || trigger.changed.length === 0) return trigger.event;
  const changes = trigger.changed.slice(0, SHOWN_CHANGES).map((field) => {
    const before = renderValue(trigger.previous?.[field] ?? null);
    return `${field} ${before} -> ${renderValue(trigger.record[field] ?? null)}`;
  });
  const more = trigger.changed.length - changes.length;
  return `update: ${changes.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function renderWait(wait: RunWait, now: number): string {
  const since = `since ${renderDuration(now - wait.since)}`;
  if (wait.until === undefined) return `${wait.reason}, ${since}, ${ENDED_BY[wait.for]}`;
  return `${wait.reason}, ${since}, goes on ${wait.until <= now ? 'now' : `in ${renderDuration(wait.until - now)}`}`;
}

/** What ends a wait that no moment ends. */
const ENDED_BY: Readonly<Record<RunWait['for'], string>> = {
  time: 'until it is woken',
  limit: 'until a place is free',
  person: 'until somebody acts',
  lane: 'until that run has ended',
};

function renderStep(step: Step, view: RunDetailsView): string[] {
  const lines = [
    ...(view.detail === 'brief' ? [] : step.attempts.flatMap((attempt) => renderAttempt(attempt, step, view))),
    ...step.effects.flatMap((effect) => foldHanging(renderEffect(effect), STEP_WIDTH)),
    ...step.warnings.flatMap((warning) => foldHanging(`warning: ${oneLine(warning)}`, STEP_WIDTH)),
    ...(step.failure === undefined ? [] : renderFailure(withoutTask(step), STEP_WIDTH)),
  ];
  return [renderStepHead(step), ...lines.map((line) => STEP_INDENT + line)];
}

function renderStepHead(step: Step): string {
  const session = step.purpose === 'main' ? undefined : step.purpose;
  const round = step.round === 1 ? undefined : `round ${step.round}`;
  const remark = [session, round].filter((part) => part !== undefined).join(', ');
  const tries = step.attempts.length;
  const parts = [
    remark === '' ? step.task : `${step.task} (${remark})`,
    step.status,
    ...(tries > 1 ? [`${tries} tries`] : []),
    ...(step.endedAt === undefined ? [] : [renderDuration(step.endedAt - step.startedAt)]),
  ];
  return oneLine(`${String(step.number).padEnd(STEP_INDENT.length - 1)} ${parts.join('   ')}`);
}

/** The step's own heading names the task already. */
function withoutTask(step: Step): { code: string; message: string; hint?: string } {
  const { code = '', message = '', hint } = step.failure ?? {};
  return hint === undefined ? { code, message } : { code, message, hint };
}

/** The last try is shown whole; those before it sent the same, so the way they failed says it all. */
function renderAttempt(attempt: Attempt, step: Step, view: RunDetailsView): string[] {
  const last = attempt.number === step.attempts.length;
  const failed =
    attempt.failure === undefined ? 'no outcome known' : `${attempt.failure.code} ${attempt.failure.message}`;
  if (!last) {
    const took = attempt.endedAt === undefined ? '' : ` after ${renderDuration(attempt.endedAt - attempt.startedAt)}`;
    return foldHanging(
      oneLine(`try ${attempt.number} at ${renderMoment(attempt.startedAt)}${took}: ${failed}`),
      STEP_WIDTH,
    );
  }
  const full = view.detail === 'full';
  const exchange = {
    width: STEP_WIDTH - 2,
    headers: full,
    maxBodyLines: full ? Number.POSITIVE_INFINITY : SHOWN_BODY_LINES,
  };
  return [
    ...(attempt.request === undefined ? [] : markFirst('>', renderRequest(attempt.request, exchange))),
    ...(attempt.answer === undefined ? [] : markFirst('<', renderAnswer(attempt.answer, exchange))),
  ];
}

/** `>` before what was sent and `<` before what came, the rest lined up below. */
function markFirst(mark: '>' | '<', lines: readonly string[]): string[] {
  return lines.map((line, index) => (index === 0 ? `${mark} ${line}` : `  ${line}`));
}
