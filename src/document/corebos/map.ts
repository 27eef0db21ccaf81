import type { XmlDocument } from '../../xml/element.ts';
import type { WebserviceMap } from '../map.ts';
import type { Place } from '../place.ts';
import { readLegacyHead } from './document-head.ts';
import { readFields } from './field.ts';
import { openLegacy } from './legacy-element.ts';
import { readSwitches } from './map-switches.ts';
import { readOutputs } from './response.ts';
import { readWsConfig } from './ws-config.ts';

const MAP = { children: ['originmodule', 'wsconfig', 'fields', 'Response'] } as const;
const ORIGIN_MODULE = { children: ['originid', 'originname'] } as const;

/** A webservice map of the coreBOS dialect, named after its file; undefined when it is no usable call. */
export function readCorebosMap(place: Place, document: XmlDocument): WebserviceMap | undefined {
  const open = openLegacy(place, MAP);
  const origin = open.child('originmodule');
  const fields = open.child('fields');
  const response = open.child('Response');
  const configPlace = open.child('wsconfig');
  const config = configPlace === undefined ? undefined : readWsConfig(configPlace);
  const parameters = fields === undefined ? [] : readFields(fields);
  const outputs = response === undefined ? [] : readOutputs(response);
  const module = origin === undefined ? undefined : openLegacy(origin, ORIGIN_MODULE).filled('originname');
  const switches = readSwitches(document.instructions, place.log);
  const head = readLegacyHead(place);
  if (config === undefined || head === undefined) return undefined;
  return {
    kind: 'map',
    dialect: 'corebos',
    ...head,
    module,
    service: undefined,
    call: config.call,
    parameters: [...config.headers, ...parameters],
    body: undefined,
    response: {
      format: config.format ?? 'raw',
      expectations: [],
      outputs: config.format === undefined ? [] : outputs,
    },
    onError: undefined,
    switches,
  };
}
