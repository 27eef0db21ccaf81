import type { Json } from '../core/json.ts';
import type { StepEffect } from '../core/step.ts';
import type { ReceivedRecords } from './answer/read-records.ts';

/** Items of a list that a trial shows. */
const MOST_SHOWN = 3;

/** What the lists of an answer would become: their first items, and how many are refused before they are looked for. */
export function shownRecords(records: readonly ReceivedRecords[], show: (value: Json) => Json): StepEffect[] {
  return records.map(({ module, from, items }) => {
    const fields = items.flatMap((item) => ('fields' in item ? [item.fields] : []));
    const refused = items.length - fields.length;
    const name = `${items.length} ${items.length === 1 ? 'item' : 'items'}${refused === 0 ? '' : `, ${refused} refused`}`;
    return { kind: 'record', name, from: `${from} -> ${module}`, value: show(fields.slice(0, MOST_SHOWN)) };
  });
}

/** Why items are refused, as far as their values alone tell; the first ones. */
export function refusalWarnings(records: readonly ReceivedRecords[]): string[] {
  return records.flatMap(({ from, items }) =>
    items
      .flatMap((item, index) =>
        'refused' in item ? [`${from}, item ${index + 1}: ${item.refused.code} ${item.refused.message}`] : [],
      )
      .slice(0, MOST_SHOWN),
  );
}
