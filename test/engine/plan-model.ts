import fc from 'fast-check';

/** An error plan as the test thinks of one, independent of the product's own types. Times in milliseconds. */
export interface ModelPlan {
  readonly retry:
    | { readonly kind: 'none' }
    | { readonly kind: 'fixed'; readonly times: number; readonly every: number; readonly on: readonly string[] }
    | {
        readonly kind: 'growing';
        readonly times: number | undefined;
        readonly from: number;
        readonly growth: number;
        readonly to: number;
        readonly within: number;
        readonly on: readonly string[];
      }
    | undefined;
  readonly notify:
    | readonly { readonly to: readonly string[]; readonly by: readonly string[] | undefined }[]
    | undefined;
  readonly abort: 'inbox' | 'end' | undefined;
}

/** What the other side does with one try. */
export type ModelAnswer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'status'; readonly status: number; readonly code: string; readonly pause: number | undefined }
  | { readonly kind: 'network' }
  | { readonly kind: 'timeout' };

/** What is expected of one run. */
export interface ModelOutcome {
  /** How long after each failed try the next one is due. */
  readonly pauses: readonly number[];
  readonly told: readonly (readonly string[])[];
  readonly end: 'completed' | 'handled' | 'person';
}

const USUAL = ['network', 'timeout', '429', '5xx'];
const LONGEST_PAUSE = 3_600_000;

/** What the plan makes of these answers, the tries being made as soon as they are due and `late` after it. */
export function expectedOf(
  plan: ModelPlan,
  answers: readonly ModelAnswer[],
  { random, late }: { readonly random: number; readonly late: readonly number[] },
): ModelOutcome {
  const pauses: number[] = [];
  let sinceFirst = 0;
  for (const [index, answer] of answers.entries()) {
    if (answer.kind === 'ok') return { pauses, told: [], end: 'completed' };
    const pause = pauseAfter(plan.retry, { answer, tries: index + 1, sinceFirst, random });
    if (pause === undefined) break;
    pauses.push(pause);
    sinceFirst += pause + (late[index] ?? 0);
  }
  const told = (plan.notify ?? []).map(({ to }) => to);
  return { pauses, told, end: plan.abort === 'end' ? 'handled' : 'person' };
}

interface Failing {
  readonly answer: Exclude<ModelAnswer, { kind: 'ok' }>;
  readonly tries: number;
  readonly sinceFirst: number;
  readonly random: number;
}

function pauseAfter(retry: ModelPlan['retry'], failing: Failing): number | undefined {
  if (retry === undefined || retry.kind === 'none' || !isMeant(retry.on, failing.answer)) return undefined;
  const { answer, tries, sinceFirst, random } = failing;
  const asked = answer.kind === 'status' ? Math.min(answer.pause ?? 0, LONGEST_PAUSE) : 0;
  if (retry.times !== undefined && tries > retry.times) return undefined;
  if (retry.kind === 'fixed') return Math.max(retry.every, asked);
  let whole = retry.from;
  for (let n = 1; n < tries && whole < retry.to; n++) whole *= retry.growth;
  whole = Math.min(whole, retry.to);
  const pause = Math.max(asked, Math.round(whole * (0.5 + random / 2)));
  return sinceFirst + pause > retry.within ? undefined : pause;
}

function isMeant(on: readonly string[], answer: Failing['answer']): boolean {
  if (answer.kind !== 'status') return on.includes(answer.kind);
  const words = [String(answer.status), `${String(answer.status).charAt(0)}xx`, answer.code, `code:${answer.code}`];
  return words.some((word) => on.includes(word));
}

/** The plan as XML inside `<on-error>`; empty when it says nothing. */
export function planXml({ retry, notify, abort }: ModelPlan): string {
  const people = notify?.map(
    ({ to, by }) => `<notify to="${to.join(' ')}"${by === undefined ? '' : ` by="${by.join(' ')}"`}/>`,
  );
  const told = people?.length === 0 ? '<notify to="nobody"/>' : (people ?? []).join('');
  return `${retryXml(retry)}${told}${abort === undefined ? '' : `<abort to="${abort}"/>`}`;
}

function retryXml(retry: ModelPlan['retry']): string {
  if (retry === undefined) return '';
  if (retry.kind === 'none') return '<retry times="0"/>';
  const on = retry.on === USUAL ? '' : ` on="${retry.on.join(' ')}"`;
  const times = retry.times === undefined ? '' : ` times="${retry.times}"`;
  if (retry.kind === 'fixed') return `<retry${times} every="${retry.every}ms"${on}/>`;
  const { from, growth, to, within } = retry;
  return `<retry${times} from="${from}ms" growth="${growth}" to="${to / 1000}s" within="${within / 1000}s"${on}/>`;
}

const PLAIN = { noNullPrototype: true } as const;
const times = fc.integer({ min: 1, max: 4 });
const seconds = (min: number, max: number) => fc.integer({ min, max }).map((n) => n * 1000);
const on = fc.oneof(
  fc.constant(USUAL),
  fc.uniqueArray(fc.constantFrom('network', 'timeout', '4xx', '503', '429', 'BUSY', 'code:17'), { minLength: 1 }),
);
const retry: fc.Arbitrary<ModelPlan['retry']> = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.record({ kind: fc.constant('fixed' as const), times, every: fc.integer({ min: 1, max: 99_999 }), on }, PLAIN),
  fc.record(
    {
      kind: fc.constant('growing' as const),
      times: fc.option(times, { nil: undefined }),
      from: fc.integer({ min: 1, max: 99_999 }),
      growth: fc.constantFrom(1, 1.5, 2, 10),
      to: seconds(1, 7_200),
      within: seconds(1, 400_000),
      on,
    },
    PLAIN,
  ),
);
const people = fc.uniqueArray(fc.constantFrom('user:anna', 'group:helpers', 'unit:sales', 'owner'), {
  minLength: 1,
  maxLength: 3,
});
const notice = fc.record({ to: people, by: fc.constantFrom(undefined, ['app'], ['app', 'mail']) }, PLAIN);

/** Any plan; each of its three parts may be left out. */
export const anyPlan: fc.Arbitrary<ModelPlan> = fc.record({
  retry: fc.option(retry, { nil: undefined }),
  notify: fc.option(fc.array(notice, { maxLength: 2 }), { nil: undefined }),
  abort: fc.constantFrom(undefined, 'inbox' as const, 'end' as const),
});

/** Answers of the other side, failures mostly. */
export const anyAnswers: fc.Arbitrary<readonly ModelAnswer[]> = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: fc.constant<ModelAnswer>({ kind: 'ok' }) },
    { weight: 3, arbitrary: fc.constantFrom<ModelAnswer>({ kind: 'network' }, { kind: 'timeout' }) },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('status' as const),
        status: fc.constantFrom(400, 404, 422, 429, 500, 503),
        code: fc.constantFrom('', 'BUSY', '17', 'NO'),
        pause: fc.option(seconds(0, 9_000), { nil: undefined }),
      }),
    },
  ),
  { minLength: 8, maxLength: 8 },
);

/** The plan that counts when these stand around each other, the first being the nearest. */
export function nearestOf(plans: readonly ModelPlan[]): ModelPlan {
  return {
    retry: plans.find((plan) => plan.retry !== undefined)?.retry,
    notify: plans.find((plan) => plan.notify !== undefined)?.notify,
    abort: plans.find((plan) => plan.abort !== undefined)?.abort,
  };
}
