import { choice, DURATION, FILLED, listOf } from '../attribute-kind.ts';
import { shape, type OpenElement, type Place } from '../place.ts';
import { TRIGGER_EVENTS, type TriggerDefinition } from '../workflow.ts';
import { GUARD_CHILDREN, hasGuardChildren, readGuard } from './guard.ts';
import { readSchedule, refuseSchedule, SCHEDULE_ATTRIBUTES } from './schedule/schedule.ts';

type TriggerEvent = TriggerDefinition['on'];

const RESERVED: ReadonlySet<string> = new Set(['endpoint']);

/** What each attribute goes with. */
const BY_FIELDS: ReadonlySet<TriggerEvent> = new Set<TriggerEvent>(['update', 'save', 'first-true']);
const BY_LINK: ReadonlySet<TriggerEvent> = new Set<TriggerEvent>(['relate', 'unrelate']);
const WAITED_FOR: ReadonlySet<TriggerEvent> = new Set<TriggerEvent>([
  'create',
  'update',
  'save',
  'first-true',
  'manual',
]);

const LONGEST_WAIT_MS = 60_000;
/** Callers give up, and their connections are held, sooner than authors think. */
const LONG_WAIT_MS = 10_000;

const TRIGGER_ATTRIBUTES = {
  on: choice(...TRIGGER_EVENTS),
  fields: listOf(/^[A-Za-z_][A-Za-z0-9_.]*$/u, 'a list of field names'),
  to: FILLED,
  wait: DURATION,
  when: FILLED,
  ...SCHEDULE_ATTRIBUTES,
} as const;

const TRIGGER = shape({ attributes: TRIGGER_ATTRIBUTES, required: ['on'], children: GUARD_CHILDREN });
const RESERVED_TRIGGER = shape({
  attributes: { ...TRIGGER_ATTRIBUTES, on: FILLED },
  children: GUARD_CHILDREN,
});

/** The trigger of a `<trigger>` element; none when it does not say on what, or something reserved. */
export function readTrigger(place: Place): TriggerDefinition[] {
  if (RESERVED.has(eventOf(place))) {
    tellReserved(place);
    return [];
  }
  const open = place.open(TRIGGER);
  const { on, fields, to, wait, when } = open.attributes;
  const guard = readGuard(open, when);
  if (on === undefined) return [];
  checkAttributes(open, on);
  if (on === 'first-true' && !hasGuardChildren(open) && !open.has('when')) {
    const hint = 'add a <condition> or when="..."; for the first save of a record use on="create"';
    place.error('WORKFLOW_TRIGGER_CONDITION', 'on="first-true" needs to know what has to be true', hint);
  }
  if (on !== 'schedule') refuseSchedule(open, on);
  const schedule = on === 'schedule' ? readSchedule(open) : undefined;
  if (on === 'schedule' && schedule === undefined) return [];
  return [{ on, fields, to: anyModule(to), waitMs: wait, schedule, guard, range: place.element.range }];
}

/** True for a trigger by a clock. */
export function isScheduled(place: Place): boolean {
  return eventOf(place) === 'schedule';
}

/** True for a trigger that cannot do without the workflow's module. */
export function watchesRecords(place: Place): boolean {
  const on = eventOf(place);
  if (RESERVED.has(on)) return false;
  if (on === 'schedule' && place.element.attributes.has('records')) return true;
  return (on !== 'manual' && on !== 'schedule') || place.element.children.length > 0;
}

function eventOf(place: Place): string {
  return place.element.attributes.get('on')?.value ?? '';
}

function tellReserved(place: Place): void {
  const { on } = place.open(RESERVED_TRIGGER).attributes;
  if (on === undefined) return;
  const message = `the trigger "${on.value}" is not available in this version`;
  place.errorAt(on, 'WORKFLOW_TRIGGER_RESERVED', message, `use one of ${TRIGGER_EVENTS.join(', ')}`);
}

function checkAttributes(open: OpenElement<typeof TRIGGER_ATTRIBUTES>, on: TriggerEvent): void {
  const { at } = open;
  if (open.has('fields') && !BY_FIELDS.has(on)) {
    const hint = `fields go with ${[...BY_FIELDS].map(quoteEvent).join(', ')}`;
    at.error('WORKFLOW_TRIGGER_FIELDS', `on="${on}" does not depend on fields`, hint);
  }
  if (open.has('to') && !BY_LINK.has(on)) {
    at.error('WORKFLOW_TRIGGER_TO', `on="${on}" knows no other record`, 'to goes with on="relate" and on="unrelate"');
  }
  if (open.has('wait')) checkWait(open, on);
}

function checkWait({ at, attributes }: OpenElement<typeof TRIGGER_ATTRIBUTES>, on: TriggerEvent): void {
  const written = at.element.attributes.get('wait')?.source ?? { range: at.element.nameRange };
  if (!WAITED_FOR.has(on)) {
    const hint = `wait goes with ${[...WAITED_FOR].map(quoteEvent).join(', ')}`;
    at.errorAt(written, 'WORKFLOW_TRIGGER_WAIT', `nobody waits for what on="${on}" starts`, hint);
  } else if ((attributes.wait ?? 0) > LONGEST_WAIT_MS) {
    const hint = 'let the caller ask again later, or write the result to the record';
    at.errorAt(written, 'WORKFLOW_TRIGGER_WAIT', 'a caller waits 60s at most', hint);
  } else if ((attributes.wait ?? 0) > LONG_WAIT_MS) {
    const hint = 'many clients and proxies give up sooner; 10s or less is kinder';
    at.warningAt(written, 'WORKFLOW_TRIGGER_WAIT_LONG', 'every caller may be kept waiting this long', hint);
  }
}

function quoteEvent(on: TriggerEvent): string {
  return `on="${on}"`;
}

/** `to="any"` is what is meant when nothing is said. */
function anyModule(to: TriggerDefinition['to']): TriggerDefinition['to'] {
  return to?.value === 'any' ? undefined : to;
}
