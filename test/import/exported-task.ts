import type { Json, JsonObject } from '../../src/core/json.ts';
import { type PhpInput, phpSerialize } from './php-serialize.ts';

/** A task as coreBOS serializes it: what every class has, and what this one has besides. */
export function exportedTask(className: string, properties: Readonly<Record<string, PhpInput>>): string {
  return phpSerialize({
    className,
    properties: {
      executeImmediately: true,
      queable: true,
      summary: '',
      active: true,
      trigger: null,
      test: '',
      reevaluate: '1',
      ...properties,
    },
  });
}

/** A Run Web Service task. */
export function callTask(summary: string, map: string, properties: Readonly<Record<string, PhpInput>> = {}): string {
  return exportedTask('RunWebserviceWorkflowTask', { bmapid: '43', bmapid_display: map, summary, ...properties });
}

/** A workflow as coreBOS exports it. */
export function exportedWorkflow(parts: {
  readonly title?: string;
  readonly module?: string;
  readonly execution?: number;
  readonly conditions?: string;
  readonly tasks?: readonly string[];
  readonly more?: JsonObject;
}): JsonObject {
  return {
    moduleName: parts.module ?? 'Products',
    description: parts.title ?? 'A workflow',
    test: parts.conditions ?? '',
    executionCondition: parts.execution ?? 1,
    schtypeid: null,
    schtime: '',
    tasks: [...(parts.tasks ?? [])],
    ...parts.more,
  };
}

/** A field mapping: `[field, kind, value]` each. */
export function fieldMapping(
  ...rows: readonly (readonly [field: string, type: string, value: string, more?: JsonObject])[]
): string {
  const list: Json = rows.map(([fieldname, valuetype, value, more]) => ({ fieldname, valuetype, value, ...more }));
  return JSON.stringify(list);
}
