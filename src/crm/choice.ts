import { choicesOf } from '../core/module.ts';
import type { FieldDefinition } from '../core/module.ts';
import type { RecordValues } from '../core/record.ts';
import { didYouMean } from '../core/suggestion.ts';
import { quote } from './field-value.ts';
import { recordInvalid } from './record-error.ts';

/** A message names so many choices; whoever needs all of them asks `describe`. */
const MOST_NAMED = 20;

/**
 * Throws RECORD_INVALID when a field gets a value that is none of its choices. What the record had `before` stays
 * allowed, so that a choice that was taken off the list makes no record unchangeable.
 */
export function requireChoices(
  fields: readonly FieldDefinition[],
  values: RecordValues,
  before: RecordValues | undefined,
): void {
  for (const field of fields) {
    const allowed = field.strict === false ? undefined : field.options;
    if (allowed === undefined) continue;
    const kept = choicesIn(field, before);
    const wrong = choicesIn(field, values).find((choice) => !allowed.includes(choice) && !kept.includes(choice));
    if (wrong !== undefined) throw recordInvalid(field, describeWrong(wrong, allowed));
  }
}

function choicesIn(field: FieldDefinition, values: RecordValues | undefined): readonly string[] {
  const value = values?.[field.name];
  if (typeof value !== 'string') return [];
  return field.type === 'multipicklist' ? choicesOf(value) : [value];
}

function describeWrong(wrong: string, allowed: readonly string[]): string {
  const named = allowed.slice(0, MOST_NAMED).map((choice) => quote(choice));
  const others = allowed.length > MOST_NAMED ? ` and ${allowed.length - MOST_NAMED} others` : '';
  const suggestion = wrong.length > LONGEST_MISSPELT ? undefined : didYouMean(wrong, allowed);
  const said = `has no choice ${quote(wrong)}; it has ${named.join(', ')}${others}`;
  return suggestion === undefined ? said : `${said}; ${suggestion}`;
}

/** Comparing a text of megabytes with every choice would take seconds. */
const LONGEST_MISSPELT = 200;
