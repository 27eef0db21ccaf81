import type { Json } from '../../core/json.ts';
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

function joinWords(...words: (string | undefined)[]): string {
  return words.filter((word) => word !== undefined).join(' ');
}

/** A value for people: texts as they are, the empty text and null named, the rest as JSON. */
export function renderValue(value: Json): string {
  if (value === null) return '(none)';
  if (value === '') return '(empty)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
