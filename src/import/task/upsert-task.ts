import { freeName } from '../../core/document-name.ts';
import { element } from '../../xml/write.ts';
import type { ExportedTask } from '../export/exported-workflow.ts';
import type { Note } from '../workflow/report.ts';
import { fieldSettings, type FieldSettings } from './field-settings.ts';
import { leaveOut } from './left-out.ts';
import { propertyRows, propertyText } from './property.ts';
import type { Converted, TaskContext, TaskStart } from './task-context.ts';
import { startOf } from './task-head.ts';
import { matchOf } from './upsert-match.ts';

/** A list of rows, the JSON text of one, or nothing: then coreBOS took the record itself for the only row. */
const ROWS = '$boolean(context.upsert_data) ? context.upsert_data : [record]';

/**
 * Upsert: the rows of the context value `upsert_data` become records. The rule that finds the record of a row is turned into
 * the fields that it compares; without a rule every row is a new record.
 */
export function convertUpsert(task: ExportedTask, context: TaskContext): Converted {
  const rows = propertyRows(task, 'field_value_mapping');
  const target = propertyText(task, 'upsert_module');
  if (rows === undefined) return leaveOut(task, 'its list of fields is no JSON');
  if (target === '' || rows.length === 0) return leaveOut(task, 'it says not what to write, and coreBOS wrote nothing');
  const { known, workflow } = context;
  const settings = fieldSettings(rows, { known, module: workflow.module, target });
  const ruleId = propertyText(task, 'bmapid');
  const rule = known.nameOf(['rule'], ruleId, propertyText(task, 'bmapid_display'));
  const match = rule === undefined ? undefined : matchOf(known.rule(rule), settings.fields);
  if (match === undefined)
    return leaveOut(task, whyNoMatch(rule ?? ruleId, known.rule(rule ?? '') !== undefined, target));
  return upsertNodes(task, { context, settings, target, match, rule: rule ?? '' });
}

function whyNoMatch(rule: string, isAtHand: boolean, target: string): string {
  const anew = `write an <upsert module="${target}" match="...">, which names the fields that tell one record from another`;
  if (rule === '') return `it has no rule, so that every row became a new record; ${anew}`;
  if (!isAtHand) return `its rule ${rule} is not at hand: bring it over and import again, or ${anew}`;
  return `its rule ${rule} does more than compare fields that the task sets; ${anew}`;
}

function upsertNodes(
  task: ExportedTask,
  params: {
    readonly context: TaskContext;
    readonly settings: FieldSettings;
    readonly target: string;
    readonly match: readonly string[];
    readonly rule: string;
  },
): Converted {
  const { context, settings, target, match, rule } = params;
  const start: TaskStart = startOf(task, context, 'upsert');
  const rowsId = freeName(`${start.id}-rows`, context.ids);
  const rows = element('expression', { id: rowsId, when: start.attributes['when'] }, [
    ...start.guards,
    element('set', { context: 'upsert_rows', jsonata: ROWS, type: 'json' }),
  ]);
  const upsert = element(
    'upsert',
    {
      ...start.attributes,
      module: target,
      match: match.join(' '),
      each: 'context.upsert_rows',
      'when-empty': 'create',
      context: 'upserted_crmids',
      // As there: records of another module are saved as by a person, those of the own one are not.
      fires: target === context.workflow.module ? undefined : 'true',
    },
    [...start.guards, ...settings.nodes],
  );
  const text = `records are found by ${match.join(', ')}, which is what the rule ${rule} compares; two with the same are a failure, not the first of them`;
  const notes: Note[] = [...start.notes, ...settings.notes, { outcome: 'changed', text }];
  return { nodes: [rows, upsert], ids: [rowsId, start.id], notes };
}
