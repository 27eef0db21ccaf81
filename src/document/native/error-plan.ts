import { COUNT, DURATION, FACTOR, FILLED, listOf, NAME } from '../attribute-kind.ts';
import { DEFAULT_RETRY_CAUSES, type ErrorPlan, type NotifyStep } from '../error-plan.ts';
import { shape, type AttributeValues, type Place } from '../place.ts';
import { RECIPIENTS, readNoticeText } from './notice.ts';

const ERROR_PLAN = shape({
  attributes: {},
  children: { retry: 'optional', notify: 'many', abort: 'optional' },
  ordered: true,
});

const RETRY = shape({
  attributes: {
    times: COUNT,
    every: DURATION,
    from: DURATION,
    growth: FACTOR,
    to: DURATION,
    within: DURATION,
    on: listOf(
      /^(?:network|timeout|[1-5](?:[0-9]{2}|xx))$/u,
      'a list of network, timeout and statuses such as 429 or 5xx',
    ),
  },
});

const NOTIFY = shape({ attributes: { to: RECIPIENTS, template: FILLED }, required: ['to'], text: true });

const ABORT = shape({ attributes: { to: NAME }, required: ['to'] });

/** What a growing retry does where it does not say. */
const GROWING_DEFAULTS = { growth: 2, toMs: 3_600_000, withinMs: 12 * 3_600_000 } as const;

/** The error plan of an `<on-error>` element. Tells RETRY_FORM_MIXED and RETRY_FORM_INCOMPLETE. */
export function readErrorPlan(place: Place): ErrorPlan {
  const open = place.open(ERROR_PLAN);
  const retry = open.child('retry');
  const abort = open.child('abort');
  return {
    retry: retry === undefined ? undefined : readRetry(retry),
    notify: open.all('notify').flatMap(readNotify),
    abortTo: abort?.open(ABORT).attributes.to,
  };
}

function readRetry(place: Place): ErrorPlan['retry'] {
  const open = place.open(RETRY);
  const form = retryForm(place);
  const on = open.attributes.on?.map((cause) => cause.value) ?? DEFAULT_RETRY_CAUSES;
  if (form === 'fixed') return readFixed(open.attributes, on);
  return form === 'growing' ? readGrowing(open.attributes, on) : undefined;
}

type RetryValues = AttributeValues<(typeof RETRY)['attributes']>;

function readFixed({ times, every }: RetryValues, on: readonly string[]): ErrorPlan['retry'] {
  return times === undefined || every === undefined ? undefined : { kind: 'fixed', times, everyMs: every, on };
}

function readGrowing(values: RetryValues, on: readonly string[]): ErrorPlan['retry'] {
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

/** `times` + `every` or `from` ...; undefined when it is neither, which has been told then. */
function retryForm(place: Place): 'fixed' | 'growing' | undefined {
  const written = place.element.attributes;
  const growing = ['from', 'growth', 'to', 'within'].some((name) => written.has(name));
  if (written.has('every') && growing) {
    place.error('RETRY_FORM_MIXED', 'a retry is fixed (times, every) or growing (from, growth, to, within), not both');
    return undefined;
  }
  if (growing && written.has('from')) return 'growing';
  if (!growing && written.has('every') && written.has('times')) return 'fixed';
  const hint = growing ? 'add from="5s"' : 'write times="3" every="60s", or from="5s" growth="2" to="1h" within="12h"';
  place.error('RETRY_FORM_INCOMPLETE', 'the retry does not say how often and when', hint);
  return undefined;
}

function readNotify(place: Place): NotifyStep[] {
  const { to, template } = place.open(NOTIFY).attributes;
  const text = readNoticeText(place, template);
  return to === undefined ? [] : [{ to, template: text }];
}
