import {
  type AttributeKind,
  COUNT_OR_NONE,
  DURATION,
  FACTOR,
  FILLED,
  listOf,
  NAME,
  type NumberKind,
} from '../attribute-kind.ts';
import {
  DEFAULT_RETRY_CAUSES,
  type ErrorPlan,
  LONGEST_RETRY_MS,
  type NotifyStep,
  type PlanValue,
  type RetryDefinition,
} from '../error-plan.ts';
import { shape, type AttributeValues, type Place } from '../place.ts';
import { NOTICE_WAYS, PLAN_RECIPIENTS, readNoticeText } from './notice.ts';

const ERROR_PLAN = shape({
  attributes: {},
  children: { retry: 'optional', notify: 'many', abort: 'optional' },
  ordered: true,
});

const RETRY = shape({
  attributes: {
    times: computable(COUNT_OR_NONE),
    every: computable(DURATION),
    from: computable(DURATION),
    growth: computable(FACTOR),
    to: computable(DURATION),
    within: computable(DURATION),
    on: listOf(
      /^(?:network|timeout|[1-5](?:[0-9]{2}|xx)|[A-Z][A-Za-z0-9_.:-]+|code:[^ ]+)$/u,
      'a list of network, timeout, statuses such as 429 or 5xx, and error codes such as LOCK_TIMEOUT or code:17',
    ),
  },
});

const NOTIFY = shape({
  attributes: { to: PLAN_RECIPIENTS, template: FILLED, by: NOTICE_WAYS, map: FILLED },
  required: ['to'],
  text: true,
});

const ABORT = shape({ attributes: { to: NAME }, required: ['to'] });

/** What a growing retry does where it does not say. */
const GROWING_DEFAULTS = { growth: 2, toMs: 3_600_000, withinMs: 12 * 3_600_000 } as const;

/** A value of its kind, or a text with placeholders that gives one. */
function computable(kind: NumberKind): AttributeKind<PlanValue> {
  return {
    code: kind.code,
    ...(kind.hint === undefined ? {} : { hint: kind.hint }),
    expected: `${kind.expected}, nor {= ... } that gives one`,
    read: (source) => (source.value.startsWith('{') ? source : kind.read(source)),
  };
}

/** The error plan of an `<on-error>` element. Tells RETRY_FORM_MIXED, RETRY_FORM_INCOMPLETE and RETRY_TOO_LONG. */
export function readErrorPlan(place: Place): ErrorPlan {
  const open = place.open(ERROR_PLAN);
  const retry = open.child('retry');
  const abort = open.child('abort');
  const notify = open.all('notify');
  return {
    retry: retry === undefined ? undefined : readRetry(retry),
    notify: notify.length === 0 ? undefined : notify.flatMap(readNotify),
    abortTo: abort?.open(ABORT).attributes.to,
  };
}

type RetryValues = AttributeValues<(typeof RETRY)['attributes']>;

function readRetry(place: Place): RetryDefinition | undefined {
  const open = place.open(RETRY);
  const { attributes } = open;
  const form = retryForm(place, attributes.times === 0);
  const on = attributes.on?.map((cause) => cause.value) ?? DEFAULT_RETRY_CAUSES;
  const { within } = attributes;
  const written = place.element.attributes.get('within')?.source;
  if (typeof within === 'number' && within > LONGEST_RETRY_MS && written !== undefined) {
    const hint = 'after that a person looks at it: mapwright runs retry starts the plan anew';
    place.errorAt(written, 'RETRY_TOO_LONG', 'a task is tried again for 7d at most', hint);
  }
  switch (form) {
    case 'none':
      return { kind: 'none' };
    case 'fixed':
      return readFixed(attributes, on);
    case 'growing':
      return readGrowing(attributes, on);
    case undefined:
      return undefined;
  }
}

function readFixed({ times, every }: RetryValues, on: readonly string[]): RetryDefinition | undefined {
  return times === undefined || every === undefined ? undefined : { kind: 'fixed', times, everyMs: every, on };
}

function readGrowing(values: RetryValues, on: readonly string[]): RetryDefinition | undefined {
  const { from, growth, to, within, times } = values;
  if (from === undefined) return undefined;
  return {
    kind: 'growing',
    fromMs: from,
    growth: growth ?? GROWING_DEFAULTS.growth,
    toMs: to ?? GROWING_DEFAULTS.toMs,
    withinMs: within ?? GROWING_DEFAULTS.withinMs,
    times,
    on,
  };
}

/** `times="0"`, `times` + `every`, or `from` ...; undefined when it is none of them, which has been told then. */
function retryForm(place: Place, isOff: boolean): RetryDefinition['kind'] | undefined {
  const written = place.element.attributes;
  const growing = ['from', 'growth', 'to', 'within'].some((name) => written.has(name));
  if (written.has('every') && growing) {
    place.error('RETRY_FORM_MIXED', 'a retry is fixed (times, every) or growing (from, growth, to, within), not both');
    return undefined;
  }
  if (isOff) return 'none';
  if (growing && written.has('from')) return 'growing';
  if (!growing && written.has('every') && written.has('times')) return 'fixed';
  const hint = growing
    ? 'add from="5s"'
    : 'write times="3" every="60s", or from="5s" growth="2" to="1h" within="12h", or times="0" for none';
  place.error('RETRY_FORM_INCOMPLETE', 'the retry does not say how often and when', hint);
  return undefined;
}

function readNotify(place: Place): NotifyStep[] {
  const { to, template, by, map } = place.open(NOTIFY).attributes;
  const text = readNoticeText(place, template);
  const people = to?.filter(({ value }) => value !== 'nobody') ?? [];
  return people.length === 0 ? [] : [{ to: people, template: text, by, map }];
}
