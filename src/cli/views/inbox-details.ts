import type { AuditEntry, InboxItem } from '../../core/inbox.ts';
import type { InboxDetails, RunCommandKind } from '../../runtime/inbox-administration.ts';
import { renderAge, renderMoment } from '../duration.ts';
import { PAGE_WIDTH, renderTable } from '../table.ts';
import { oneLine } from '../text-layout.ts';
import { foldHanging, indent } from './exchange.ts';
import { renderRunDetails } from './run-details.ts';

/** What happened, why, what people did about it, and what fits now with the commands to type. */
export function renderInboxDetails(details: InboxDetails, now: number): string[] {
  const { run, item, history, fits, origin, successor } = details;
  return [
    ...renderRunDetails(details, { detail: 'brief', now }),
    '',
    ...(item === undefined ? ['it never needed anybody'] : renderItem(item, now)),
    ...(origin === undefined ? [] : [`started in the place of run ${origin}`]),
    ...(successor === undefined ? [] : [`started again as run ${successor}: mapwright inbox show ${successor}`]),
    ...(history.length === 0 ? [] : ['', 'what people did', ...history.flatMap((one) => renderEntry(one))]),
    '',
    ...(fits.length === 0 ? ['nothing is left to do'] : ['what fits now', ...indent(renderChoices(details))]),
    ...(run.wait === undefined && fits.length === 0
      ? []
      : ['', `every request and answer: mapwright runs show ${run.id}`]),
  ];
}

function renderItem(item: InboxItem, now: number): string[] {
  const who = item.owner === undefined ? 'nobody looks after it' : `${item.owner} looks after it`;
  const times = item.times === 1 ? '' : `, for the ${item.times}. time`;
  const doubt = item.inDoubt ? ['it is unknown whether the other side acted: look there first'] : [];
  return [
    oneLine(`${item.state} in the inbox since ${renderAge(now - item.since)}${times}; ${who}`),
    ...foldHanging(oneLine(`why: ${item.message}`), PAGE_WIDTH),
    ...doubt,
    ...(item.holdsBack === 0
      ? []
      : [
          `${item.holdsBack} later ${item.holdsBack === 1 ? 'run of the record waits' : 'runs of the record wait'} behind it`,
        ]),
    ...(item.resolution === undefined ? [] : [`resolved by ${item.changedBy ?? 'nobody known'}: ${item.resolution}`]),
    ...(item.note === undefined ? [] : foldHanging(oneLine(`note: ${item.note}`), PAGE_WIDTH)),
  ];
}

function renderEntry({ at, by, action, reason, tookEffect, origin }: AuditEntry): string[] {
  const from = origin === undefined ? '' : ` (${origin})`;
  const why = reason === undefined ? '' : `: ${reason}`;
  return indent(
    foldHanging(
      oneLine(`${renderMoment(at)}  ${by}${from}  ${action}${tookEffect ? '' : ', too late'}${why}`),
      PAGE_WIDTH - 2,
    ),
  );
}

type Choice = readonly [command: string, meaning: string];

function renderChoices(details: InboxDetails): string[] {
  const rows = details.fits.flatMap((kind) => choicesOf(kind, details));
  return renderTable([{ title: '' }, { title: '', gives: true }], rows, PAGE_WIDTH - 2);
}

function choicesOf(kind: RunCommandKind, { run, outputs, tasks }: InboxDetails): readonly Choice[] {
  const { id } = run;
  const [output] = outputs;
  const given = output === undefined ? '' : ` --output ${output}=...`;
  const choices: Readonly<Record<RunCommandKind, readonly Choice[]>> = {
    retry: [
      [`mapwright inbox retry ${id}`, 'try the step again'],
      [`mapwright inbox retry ${id} --revision latest`, 'with the documents in force now'],
    ],
    'not-done': [[`mapwright inbox retry ${id} --not-done`, 'it did not arrive: send it again']],
    done: [
      run.status === 'failed'
        ? [`mapwright inbox done ${id}`, 'it was dealt with elsewhere']
        : [`mapwright inbox done ${id}${given}`, 'it arrived: go on as after an answer'],
    ],
    skip: [
      [`mapwright inbox skip ${id}`, 'leave the task out'],
      [`mapwright inbox skip ${id} --to TASK`, `go on with another one: ${tasks.join(', ')}`],
    ],
    restart: [[`mapwright inbox restart ${id}`, 'begin anew, as another run']],
    cancel: [[`mapwright inbox cancel ${id} --reason "..."`, 'end it']],
    acknowledge: [[`mapwright inbox acknowledge ${id}`, 'say that you look after it']],
    ignore: [[`mapwright inbox ignore ${id}`, 'it may stay as it is']],
    reopen: [[`mapwright inbox reopen ${id}`, 'it needs somebody after all']],
    assign: [[`mapwright inbox assign USER ${id}`, 'say who looks after it']],
  };
  return choices[kind];
}
