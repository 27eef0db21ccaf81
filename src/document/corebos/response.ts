import type { Located, SourceText } from '../../core/diagnostic.ts';
import type { Output } from '../map.ts';
import type { Place } from '../place.ts';
import { openLegacy } from './legacy-element.ts';

const RESPONSE = { children: 'any' } as const;
const RESPONSE_FIELD = { children: ['fieldname', 'destination', 'Orgfields'] } as const;
const DESTINATION = { children: ['field', 'context'] } as const;

/** The outputs of `<Response>`: every child, whatever its name, takes one value. */
export function readOutputs(place: Place): Output[] {
  return openLegacy(place, RESPONSE).children.flatMap(readOutput);
}

function readOutput(place: Place): Output[] {
  const open = openLegacy(place, RESPONSE_FIELD);
  const path = open.filled('fieldname');
  const oldStyle = open.child('Orgfields');
  if (oldStyle !== undefined) {
    const range = oldStyle.element.nameRange;
    place.warningAt({ range }, 'COREBOS_DESTINATION_OLD_STYLE', 'Orgfields in a Response has no effect');
  }
  if (path === undefined) {
    place.warningAt({ range: place.element.nameRange }, 'COREBOS_FIELD_UNNAMED', 'no fieldname: nothing is taken');
    return [];
  }
  return [outputOf(place, path, readDestination(open.child('destination'), path))];
}

interface Destination {
  readonly field: Located<string> | undefined;
  readonly context: Located<string>;
}

/** Without a name of its own a value goes to the context as `wsctx_` and its path. */
function readDestination(place: Place | undefined, path: SourceText): Destination {
  const open = place === undefined ? undefined : openLegacy(place, DESTINATION);
  const context = open?.filled('context') ?? { value: `wsctx_${path.value}`, range: path.range };
  return { field: open?.filled('field'), context };
}

function outputOf(place: Place, from: SourceText, destination: Destination): Output {
  return {
    from,
    value: undefined,
    jsonata: undefined,
    ...destination,
    type: undefined,
    optional: true,
    defaultValue: undefined,
    on: 'success',
    sensitive: false,
    fires: false,
    range: place.element.range,
    path: place.path,
  };
}
