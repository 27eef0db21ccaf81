import { isJsonObject, type Json } from '../../core/json.ts';
import type { StepEffect } from '../../core/step.ts';
import { oneLine } from '../text-layout.ts';

/** One thing a step changed, as a line: `result.id 14x7 -> field remote_id (was 14x3)`. */
export function renderEffect(effect: StepEffect): string {
  return oneLine(sentenceOf(effect));
}

function sentenceOf(effect: StepEffect): string {
  const value = effect.value === undefined ? undefined : renderValue(effect.value);
  switch (effect.kind) {
    case 'field':
    case 'context':
      return renderAssignment(effect, value);
    case 'branch':
      return joinWords('took branch', effect.name, effect.from, value);
    case 'skip':
      return joinWords('skipped', effect.name, effect.from, value);
    case 'record':
      return renderRecord(effect);
    case 'run':
      return renderLaunch(effect, value);
    case 'notice':
      return joinWords('told', effect.name, effect.from === undefined ? undefined : `(${effect.from}):`, value);
    case 'end':
      return joinWords('ended at', effect.name, effect.from, value);
  }
}

function renderAssignment(effect: StepEffect, value: string | undefined): string {
  const target = `${effect.kind} ${effect.name}`;
  const was = (effect.previous ?? '') === '' ? '' : ` (was ${renderValue(effect.previous ?? null)})`;
  if (effect.from === undefined) return value === undefined ? target + was : `${target} ${value}${was}`;
  return `${joinWords(effect.from, value)} -> ${target}${was}`;
}

/** `created in Tasks 62x9: subject Call Acme`, `updated in Contacts 12x5: phone 1 (was 2)`. */
function renderRecord({ name, from, value, previous }: StepEffect): string {
  const before = isJsonObject(previous) ? previous : {};
  const fields = Object.entries(isJsonObject(value) ? value : {}).map(([field, now]) => {
    const was = (before[field] ?? '') === '' ? '' : ` (was ${renderValue(before[field] ?? null)})`;
    return `${field} ${renderValue(now)}${was}`;
  });
  const head = joinWords(from, name);
  return fields.length === 0 ? head : `${head}: ${fields.join(', ')}`;
}

/** `launched order-check for 61x2 as run 18`. */
function renderLaunch({ name, from, value }: StepEffect, run: string | undefined): string {
  const record = from === undefined ? undefined : `for ${from}`;
  if (value === null) return joinWords('not launched', name, record, '(this chain has started it there already)');
  return joinWords('launched', name, record, run === undefined ? undefined : `as run ${run}`);
}

function joinWords(...words: (string | undefined)[]): string {
  return words.filter((word) => word !== undefined).join(' ');
}

/** A value for people: texts as they are, what is empty named by one word however it is stored, the rest as JSON. */
export function renderValue(value: Json): string {
  if (value === null || value === '') return '(empty)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
