import { durationText } from '../core/duration-text.ts';
import { DEFAULT_RETRY_CAUSES, type PlanValue, type RetryDefinition } from '../document/error-plan.ts';
import { type CompiledNotice, type CompiledPlan, DEFAULT_RETRY, joinPlans } from './compiled-plan.ts';
import type { CompiledTask, CompiledWorkflow } from './compiled-workflow.ts';

/** The error plan of one task, as people read it. */
export interface TaskPlan {
  readonly task: string;
  readonly sentence: string;
}

/** The sentences of the workflow's tasks that have an error plan, their own or one of their map or service. */
export function planSentences(workflow: CompiledWorkflow): TaskPlan[] {
  return [...workflow.tasks.values()].flatMap((task) => {
    const isPlanned = task.plan !== undefined || (task.kind === 'webservice' && task.look !== undefined);
    return isPlanned ? [{ task: task.id, sentence: taskSentence(workflow, task) }] : [];
  });
}

/** What follows when a call of a map or a service fails, whatever task makes it; the first plan stands over the others. */
export function callSentence(plans: readonly (CompiledPlan | undefined)[]): string {
  return planSentence(joinPlans(plans), (task) => task);
}

/** What happens when the task fails, and when nobody knows whether its call did anything. */
export function taskSentence(workflow: CompiledWorkflow, task: CompiledTask): string {
  const plan = planSentence(task.plan, (id) => nameOf(workflow, id));
  const look = task.kind === 'webservice' ? task.look : undefined;
  return look === undefined
    ? plan
    : `${plan}; when no answer comes, ${look.map.name} first tells whether the other side acted`;
}

/**
 * The plan in one sentence, from which all of it can be told:
 * `Up to 3 more tries, 60 s apart, then tell the owner and group Sales, then go on at 'Finish'`.
 * @param nameOf what people call a task
 */
function planSentence(plan: CompiledPlan | undefined, nameOf: (task: string) => string): string {
  const retry = plan === undefined ? defaultDefinition() : plan.retry?.definition;
  const notices = (plan?.notices ?? []).map((notice) => `then tell ${sayNotice(notice)}`);
  const to = plan?.abortTo;
  const end = to === undefined || to === 'inbox' ? 'then wait for a person' : `then go on at '${nameOf(to)}'`;
  const sentence = [sayRetry(retry), ...notices, end].join(', ');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function defaultDefinition(): RetryDefinition {
  return { ...DEFAULT_RETRY.plan, on: DEFAULT_RETRY.on };
}

function sayRetry(retry: RetryDefinition | undefined): string {
  if (retry === undefined || retry.kind === 'none') return 'no more tries';
  const tries = retry.times === undefined ? 'more tries' : `up to ${sayCount(retry.times)}`;
  const when =
    retry.kind === 'fixed'
      ? `, ${sayDuration(retry.everyMs)} apart`
      : ` over ${sayDuration(retry.withinMs)} (${sayDuration(retry.fromMs)} apart at first, growing ${sayValue(retry.growth)} times, ${sayDuration(retry.toMs)} at most)`;
  return `${sayCauses(retry.on)}${tries}${when}`;
}

function sayCauses(on: readonly string[]): string {
  const isUsual = on.length === DEFAULT_RETRY_CAUSES.length && on.every((one, i) => one === DEFAULT_RETRY_CAUSES[i]);
  return isUsual ? '' : `after ${joined(on, 'or')}: `;
}

function sayCount(times: PlanValue): string {
  return `${sayValue(times)} more ${times === 1 ? 'try' : 'tries'}`;
}

function sayValue(value: PlanValue): string {
  return typeof value === 'number' ? String(value) : value.value;
}

function sayDuration(value: PlanValue): string {
  return typeof value === 'number' ? durationText(value) : value.value;
}

function sayNotice({ to, by, map }: CompiledNotice): string {
  const people = joined(to.map(sayRecipient), 'and');
  if (map !== undefined) return `${people} with map ${map}`;
  return by === undefined ? people : `${people} by ${joined(by, 'and')}`;
}

const PEOPLE: Readonly<Record<string, string>> = {
  initiator: 'the person who started it',
  'current-user': 'the person who acted last',
  owner: 'the owner',
};

function sayRecipient(name: string): string {
  const known = PEOPLE[name];
  if (known !== undefined) return known;
  const [kind = '', ...rest] = name.split(':');
  return kind === 'context' ? `whom context ${rest.join(':')} names` : `${kind} ${rest.join(':')}`;
}

/** `a, b and c` */
function joined(words: readonly string[], last: string): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) ?? ''}`;
}

/** The task's label, unless another task could be meant by it. */
function nameOf({ tasks }: CompiledWorkflow, id: string): string {
  const label = tasks.get(id)?.label;
  if (label === undefined) return id;
  const others = [...tasks.values()].filter((task) => task.id !== id);
  return others.some((task) => task.id === label || task.label === label) ? id : label;
}
