import type { Catalog } from '../../catalog/catalog.ts';
import { VERSION } from '../version.ts';
import { type Alert, dayOf, daysUntil } from './alert.ts';

const SHOWN = 8;

/** That this program cannot use documents in force as they are, once a day; and once that there are none of them any more. */
export function documentAlerts({ revision, broken }: Pick<Catalog, 'revision' | 'broken'>, now: number): Alert[] {
  const topic = 'documents';
  if (broken === undefined || broken.size === 0) {
    return daysUntil(now).map((day) => ({
      topic,
      key: `${brokenKey(day)}\nwell`,
      after: [brokenKey(day)],
      text: `All documents in force are well again, since revision ${revision}`,
    }));
  }
  const lines = [...broken].map(([document, problem]) => `- ${document}: ${problem}`);
  const more = lines.length - SHOWN;
  const isOne = broken.size === 1;
  const what = isOne ? 'A document' : `${broken.size} documents`;
  const text = [
    `${what} in force ${isOne ? 'has' : 'have'} errors for this program: what ${isOne ? 'it says' : 'they say'} may not happen`,
    `Revision ${revision}, by version ${VERSION} of this program:`,
    ...lines.slice(0, SHOWN),
    ...(more > 0 ? [`and ${more} more`] : []),
    'mapwright export writes the documents into files; mend them and apply them.',
  ].join('\n');
  return [{ topic, key: brokenKey(dayOf(now)), text }];
}

function brokenKey(day: string): string {
  return ['documents', day].join('\n');
}
