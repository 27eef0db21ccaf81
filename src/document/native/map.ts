import type { SourceText } from '../../core/diagnostic.ts';
import { BOOLEAN, choice, FILLED, matching } from '../attribute-kind.ts';
import type { CallDefinition, LookDefinition, WebserviceMap } from '../map.ts';
import { shape, type OpenElement, type Place } from '../place.ts';
import type { CallTimeouts } from '../service.ts';
import { readTimeouts } from './call-timeouts.ts';
import { HEAD_ATTRIBUTES, readHead } from './document-head.ts';
import { readErrorPlan } from './error-plan.ts';
import { withoutMarkupBlanks } from './markup-blanks.ts';
import { readHeaders, readParameters } from './parameter.ts';
import { readResponse } from './response.ts';
import { readSoapCall, SOAP_CALL_ATTRIBUTES } from './soap-call.ts';

const MAP_ATTRIBUTES = { ...HEAD_ATTRIBUTES, module: FILLED, service: FILLED } as const;

const MAP = shape({
  attributes: MAP_ATTRIBUTES,
  required: ['name'],
  children: {
    description: 'optional',
    call: 'once',
    timeout: 'optional',
    header: 'many',
    parameters: 'optional',
    body: 'optional',
    response: 'optional',
    'on-error': 'optional',
  },
});

const CALL = shape({
  attributes: {
    ...SOAP_CALL_ATTRIBUTES,
    method: matching(/^[A-Z]{1,20}$/u, 'a method in upper case, such as GET or POST'),
    path: FILLED,
    url: FILLED,
    body: choice('json', 'form', 'multipart', 'text', 'xml', 'raw', 'none'),
    'content-type': FILLED,
    root: FILLED,
    serialization: choice('php'),
    'in-doubt': choice('resend', 'ask'),
    safe: BOOLEAN,
  },
  children: { timeout: 'optional', look: 'optional' },
});

const LOOK = shape({ attributes: { map: FILLED, found: FILLED }, required: ['map'] });

const PARAMETERS = shape({ attributes: {}, children: { parameter: 'many' } });
const BODY = shape({ attributes: {}, text: true });

type OpenMap = OpenElement<typeof MAP_ATTRIBUTES>;

/** A native `<map>` document; undefined when it lacks a name or a usable `<call>`. */
export function readMap(place: Place): WebserviceMap | undefined {
  const open = place.open(MAP);
  const head = readHead(open);
  const call = readCall(open);
  const headers = readHeaders(open.all('header'));
  const parameters = open.child('parameters')?.open(PARAMETERS).all('parameter') ?? [];
  const onError = open.child('on-error');
  const rest = {
    module: open.attributes.module,
    service: open.attributes.service,
    parameters: [...headers, ...readParameters(parameters)],
    body: readBody(open, call),
    response: readResponse(open.child('response')),
    onError: onError === undefined ? undefined : readErrorPlan(onError),
  };
  if (head === undefined || call === undefined) return undefined;
  return { kind: 'map', dialect: 'native', ...head, call, ...rest };
}

function readCall(map: OpenMap): CallDefinition | undefined {
  const place = map.child('call');
  if (place === undefined) return undefined;
  const open = place.open(CALL);
  const { method, path, url, body } = open.attributes;
  if (open.attributes.root !== undefined && body !== 'xml') {
    place.errorAt(open.attributes.root, 'MAP_BODY_KIND', 'root="..." goes with body="xml" only', 'write body="xml"');
  }
  const timeouts = readOneTimeout(open.child('timeout'), map.child('timeout'));
  const soap = readSoapCall(open);
  const look = readLook(open);
  if (method === undefined && soap === undefined) return undefined;
  return {
    protocol: soap === undefined ? 'rest' : 'soap',
    soap,
    method: method?.value ?? 'POST',
    url,
    path,
    body: body ?? 'json',
    contentType: open.attributes['content-type']?.value,
    root: open.attributes.root,
    serialization: open.attributes.serialization,
    wire: 'native',
    timeouts,
    inDoubt: open.attributes['in-doubt'],
    look,
    isSafe: open.attributes.safe ?? false,
  };
}

/** Tells MAP_LOOK_MIXED. */
function readLook(call: OpenElement<(typeof CALL)['attributes']>): LookDefinition | undefined {
  const place = call.child('look');
  if (place === undefined) return undefined;
  const { map, found } = place.open(LOOK).attributes;
  if (call.has('in-doubt')) {
    const hint = 'remove in-doubt="...", or the <look>';
    place.error('MAP_LOOK_MIXED', '<look> says what to do in doubt, and in-doubt="..." says it too', hint);
  }
  return map === undefined ? undefined : { map, found, range: place.element.range };
}

function readOneTimeout(inCall: Place | undefined, inMap: Place | undefined): CallTimeouts {
  const [inner, beside] = [readTimeouts(inCall), readTimeouts(inMap)];
  if (inCall !== undefined && inMap !== undefined) {
    inMap.error('MAP_TIMEOUT_TWICE', '<timeout> stands in <call> and beside it', 'keep one of them');
  }
  return inCall === undefined ? beside : inner;
}

function readBody(map: OpenMap, call: CallDefinition | undefined): SourceText | undefined {
  const place = map.child('body');
  if (place === undefined) return undefined;
  place.open(BODY);
  if (call?.root !== undefined) {
    place.errorAt(
      call.root,
      'MAP_BODY_KIND',
      'root="..." names the element made of parameters, and <body> is a text',
      'remove one of them',
    );
  }
  if (call?.body === 'form' || call?.body === 'multipart' || call?.body === 'none') {
    const hint = 'write body="text", "json", "xml" or "raw" in <call>';
    place.error('MAP_BODY_KIND', `<call body="${call.body}"> sends no <body>`, hint);
  }
  return withoutMarkupBlanks(place.element.text());
}
