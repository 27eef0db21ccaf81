import type { Located, Range } from '../../core/diagnostic.ts';
import { NAME } from '../attribute-kind.ts';
import type { ParameterSource } from '../map.ts';
import { shape, type Place } from '../place.ts';
import type { TrackDefinition } from '../workflow.ts';
import { readSource, SOURCE_ATTRIBUTES } from './source.ts';

const MOST_TRACKS = 10;

const TRACK = shape({
  attributes: { ...SOURCE_ATTRIBUTES, name: NAME },
  required: ['name'],
  children: { jsonata: 'optional' },
  text: true,
});

/** What a business key may come from: it is shown in lists, and kept in the clear. */
const SOURCES: ReadonlySet<ParameterSource['kind']> = new Set<ParameterSource['kind']>([
  'value',
  'field',
  'context',
  'input',
  'template',
  'jsonata',
]);

/** The business keys of `<track>` elements; incomplete and repeated ones are left out, their problems told. */
export function readTracks(places: readonly Place[]): TrackDefinition[] {
  const tooMany = places[MOST_TRACKS];
  if (tooMany !== undefined) {
    const hint = 'keep those by which people really look for runs';
    tooMany.error('WORKFLOW_TRACK_COUNT', `a workflow has at most ${MOST_TRACKS} business keys`, hint);
  }
  const names = new Map<string, Range>();
  return places.flatMap((place) => readTrack(place, names));
}

function readTrack(place: Place, names: Map<string, Range>): TrackDefinition[] {
  const open = place.open(TRACK);
  const { name } = open.attributes;
  const isNew = name === undefined || isFirst(place, name, names);
  const source = readSource(open, {});
  if (source === undefined || name === undefined || !isNew) return [];
  if (SOURCES.has(source.kind)) return [{ name, source, range: place.element.range }];
  const hint = `use one of ${[...SOURCES].join(', ')}`;
  place.error('WORKFLOW_TRACK_SOURCE', `a business key cannot come from a ${source.kind}`, hint);
  return [];
}

/** Tells WORKFLOW_TRACK_DUPLICATE. */
function isFirst(place: Place, name: Located<string>, names: Map<string, Range>): boolean {
  const first = names.get(name.value);
  if (first === undefined) {
    names.set(name.value, name.range);
    return true;
  }
  place.log.error({
    code: 'WORKFLOW_TRACK_DUPLICATE',
    message: `another business key is called "${name.value}"`,
    range: name.range,
    path: place.path,
    related: [{ message: 'the first one', file: place.log.file, range: first }],
  });
  return false;
}
