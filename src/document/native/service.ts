import { BOOLEAN, COUNT, DURATION, FILLED, listOf } from '../attribute-kind.ts';
import { shape, type Place } from '../place.ts';
import type { ServiceDocument } from '../service.ts';
import { readTimeouts } from './call-timeouts.ts';
import { HEAD_ATTRIBUTES, readHead } from './document-head.ts';
import { readErrorPlan } from './error-plan.ts';
import { readExpectation } from './expectation.ts';
import { readNetwork } from './network.ts';
import { readHeaders } from './parameter.ts';

const SERVICE = shape({
  attributes: {
    ...HEAD_ATTRIBUTES,
    url: FILLED,
    wsdl: FILLED,
    credential: FILLED,
    product: FILLED,
    'product-version': FILLED,
    'api-version': FILLED,
    trace: BOOLEAN,
    'renew-on': listOf(/^[A-Za-z0-9_.:-]+$/u, 'a list of error codes and statuses'),
  },
  required: ['name', 'url'],
  children: {
    description: 'optional',
    header: 'many',
    timeout: 'optional',
    network: 'optional',
    limit: 'optional',
    breaker: 'optional',
    expect: 'many',
    'on-error': 'optional',
  },
});

const LIMIT = shape({
  attributes: { concurrent: COUNT, 'per-second': COUNT, 'per-minute': COUNT, 'retry-after': DURATION },
});

const BREAKER = shape({ attributes: { enabled: BOOLEAN, failures: COUNT, within: DURATION, 'probe-every': DURATION } });

/** A `<service>` document; undefined when it lacks a name or a URL. */
export function readService(place: Place): ServiceDocument | undefined {
  const open = place.open(SERVICE);
  const head = readHead(open);
  const limit = readLimit(open.child('limit'));
  const onError = open.child('on-error');
  const { attributes } = open;
  const rest = {
    timeouts: readTimeouts(open.child('timeout')),
    limit,
    breaker: readBreaker(open.child('breaker')),
    trace: attributes.trace ?? true,
    network: readNetwork(open.child('network')),
    headers: readHeaders(open.all('header')),
    expectations: open.all('expect').map(readExpectation),
    onError: onError === undefined ? undefined : readErrorPlan(onError),
    renewOn: attributes['renew-on']?.map((code) => code.value),
    ...(attributes.wsdl === undefined ? {} : { wsdl: attributes.wsdl }),
    credential: attributes.credential,
    product: attributes.product?.value,
    productVersion: attributes['product-version']?.value,
    apiVersion: attributes['api-version']?.value,
    logo: attributes.logo?.value,
  };
  if (head === undefined || attributes.url === undefined) return undefined;
  return { kind: 'service', ...head, url: attributes.url, ...rest };
}

function readLimit(place: Place | undefined): ServiceDocument['limit'] {
  if (place === undefined) return { concurrent: undefined };
  const { attributes } = place.open(LIMIT);
  return {
    concurrent: attributes.concurrent,
    perSecond: attributes['per-second'],
    perMinute: attributes['per-minute'],
    retryAfterMs: attributes['retry-after'],
  };
}

function readBreaker(place: Place | undefined): ServiceDocument['breaker'] {
  if (place === undefined) return {};
  const { enabled, failures, within, 'probe-every': probeEvery } = place.open(BREAKER).attributes;
  if (enabled === false) return 'off';
  return {
    ...(failures === undefined ? {} : { failures }),
    ...(within === undefined ? {} : { withinMs: within }),
    ...(probeEvery === undefined ? {} : { probeEveryMs: probeEvery }),
  };
}
