import { MapwrightError } from '../../core/error.ts';
import { phpText, phpTruth, type PhpObject, type PhpValue } from '../php/php-value.ts';
import { readPhp } from '../php/read-php.ts';
import type { ExportedTask, UnreadableTask } from './exported-workflow.ts';

/** What PHP makes of an object whose class it does not have; the name of that class is among its properties. */
const INCOMPLETE = '__PHP_Incomplete_Class';

/** One serialized task. `order` counts where the task does not say it. Never throws: what is wrong is part of the answer. */
export function readTask(
  text: string,
  { order, summary }: { readonly order: number; readonly summary: string },
): ExportedTask | UnreadableTask {
  try {
    const value = readPhp(text.trim());
    if (value === null || typeof value !== 'object' || value.kind !== 'object') {
      return unreadable('IMPORT_TASK_INVALID', 'it is no object', { order, summary });
    }
    return taskOf(value, { order, summary });
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    const hint = thrown.hint === undefined ? '' : `; ${thrown.hint}`;
    return unreadable(thrown.code, `${thrown.message}${hint}`, { order, summary });
  }
}

function unreadable(
  code: string,
  reason: string,
  { order, summary }: { readonly order: number; readonly summary: string },
): UnreadableTask {
  return { className: undefined, summary, order, code, reason };
}

function taskOf(
  { className, properties }: PhpObject,
  given: { readonly order: number; readonly summary: string },
): ExportedTask {
  const text = (name: string): string => phpText(properties.get(name)) ?? '';
  const order = Number(text('executionorder'));
  return {
    className: className === INCOMPLETE ? text(`${INCOMPLETE}_Name`) : className,
    summary: (text('summary') || given.summary).trim(),
    isActive: isActive(properties.get('active')),
    order: text('executionorder') !== '' && Number.isFinite(order) ? order : given.order,
    conditions: text('test').trim(),
    delay: delayOf(properties.get('trigger')),
    properties,
  };
}

/** A task that says nothing is one from before tasks could be switched off. */
function isActive(value: PhpValue | undefined): boolean {
  return value === undefined || (value !== 'false' && phpTruth(value));
}

/** `3 days after duedate`; undefined for a task that does not wait. */
function delayOf(trigger: PhpValue | undefined): string | undefined {
  if (trigger === undefined || trigger === null || typeof trigger !== 'object') return undefined;
  const parts = trigger.kind === 'array' ? trigger.entries : trigger.properties;
  const text = (name: string): string => phpText(parts.get(name)) ?? '';
  const amounts = ['days', 'hours', 'mins'].flatMap((unit) => {
    const amount = Number(text(unit));
    return Number.isFinite(amount) && amount !== 0 ? [{ unit, amount }] : [];
  });
  const field = text('field');
  if (field === '' && amounts.length === 0) return undefined;
  const size = amounts.map(({ unit, amount }) => `${Math.abs(amount)} ${unit}`).join(' ');
  if (size === '') return `at ${field}`;
  return `${size} ${(amounts[0]?.amount ?? 0) < 0 ? 'before' : 'after'} ${field === '' ? 'the save' : field}`;
}
