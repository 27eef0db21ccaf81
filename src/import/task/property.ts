import type { JsonObject } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import { readJson } from '../../core/json-text.ts';
import { decodeEntities } from '../../expression/legacy/entities.ts';
import type { ExportedTask } from '../export/exported-workflow.ts';
import { phpText } from '../php/php-value.ts';

/** The text that a task keeps under a name; `""` where there is none. */
export function propertyText({ properties }: ExportedTask, name: string): string {
  return (phpText(properties.get(name)) ?? '').trim();
}

/** The objects of a JSON list that a task keeps under a name; undefined when the text is something else. An empty text is an empty list. */
export function propertyRows(task: ExportedTask, name: string): readonly JsonObject[] | undefined {
  const text = propertyText(task, name);
  if (text === '' || text === 'null') return [];
  const list = readJson(text) ?? readJson(decodeEntities(text));
  // PHP walks through an object as through a list.
  return typeof list === 'object' && list !== null ? Object.values(list as JsonObject).filter(isJsonObject) : undefined;
}
