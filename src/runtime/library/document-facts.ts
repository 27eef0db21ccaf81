import { durationText } from '../../core/duration-text.ts';
import type { Document } from '../../document/document.ts';
import type { WebserviceMap } from '../../document/map.ts';
import type { NetworkPart } from '../../document/network.ts';
import type { CallTimeouts, ServiceDocument } from '../../document/service.ts';
import type { WorkflowDocument } from '../../document/workflow.ts';
import type { LibraryFact } from './library-administration.ts';

type Facts = Readonly<Record<string, string | undefined>>;

/** What people want to know of the document besides its head; facts that it does not have are left out. */
export function factsOf(document: Document): LibraryFact[] {
  return Object.entries(factsByKind(document)).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [{ name, value }],
  );
}

/** What kind of its kind it is: `rest`, `oauth2-client-credentials`, `decision-table`. */
export function typeOf(document: Document): string {
  switch (document.kind) {
    case 'map':
      return document.call.protocol;
    case 'credential':
      return document.credentialKind;
    case 'rule':
      return document.form;
    case 'workflow':
      return [...new Set(document.triggers.map(({ on }) => on))].join(' ');
    default:
      return '';
  }
}

/** What makes calls less safe than calls are. */
export function weaknessesOf(document: Document): string[] {
  if (document.kind === 'service') return callWeaknesses(document.url.value, document.network);
  if (document.kind === 'map') return callWeaknesses(document.call.url?.value, document.call.network);
  return [];
}

function callWeaknesses(url: string | undefined, network: NetworkPart | undefined): string[] {
  return [
    ...(network?.verify === false
      ? ['certificates are not verified: whoever answers is taken for the other side (verify="false")']
      : []),
    ...(network?.minTls === '1.2' ? ['TLS 1.2 is accepted where 1.3 could be demanded (min-tls="1.2")'] : []),
    ...(url !== undefined && /^http:\/\//iu.test(url) ? ['calls are not encrypted (http://)'] : []),
  ];
}

function factsByKind(document: Document): Facts {
  switch (document.kind) {
    case 'service':
      return serviceFacts(document);
    case 'map':
      return mapFacts(document);
    case 'workflow':
      return workflowFacts(document);
    case 'credential':
      return { Kind: document.credentialKind, Shared: document.isShared ? 'by all' : 'each person signs in' };
    case 'module':
      return {
        Prefix: document.definition.prefix,
        Fields: document.definition.fields.map(({ name }) => name).join(', '),
      };
    case 'rule':
      return { Form: document.form, Module: document.module?.value };
    case 'pack':
      return { Version: document.version, Licence: document.licence, Tested: document.tested };
    default:
      return {};
  }
}

function serviceFacts(service: ServiceDocument): Facts {
  return {
    Product: service.product,
    'Product version': service.productVersion,
    'API version': service.apiVersion,
    Address: service.url.value,
    Credential: service.credential?.value,
    Limits: limitText(service.limit),
    'Time limits': timeoutText(service.timeouts),
    TLS: tlsText(service.network),
    Proxy: service.network?.proxy?.value,
    'Sessions renewed on': service.renewOn?.join(' '),
  };
}

function mapFacts(map: WebserviceMap): Facts {
  const { call } = map;
  return {
    Dialect: map.dialect,
    Service: map.service?.value,
    Call: [call.method, call.url?.value, call.path?.value, call.soap?.operation.value].filter(isText).join(' '),
    Module: map.module?.value,
    'Time limits': timeoutText(call.timeouts),
    Parameters: map.parameters.map(({ name, required }) => (required ? `${name} (required)` : name)).join(', '),
    Answer: map.response.outputs.flatMap(({ field, context }) => field?.value ?? context?.value ?? []).join(', '),
  };
}

function workflowFacts(workflow: WorkflowDocument): Facts {
  return {
    Module: workflow.module?.value,
    Starts: workflow.triggers.map(({ on }) => on).join(', ') || 'nothing starts it',
    Active: workflow.active ? undefined : 'no: it is switched off',
    Tasks: workflow.tasks.map(({ id }) => id).join(', '),
  };
}

function limitText(limit: ServiceDocument['limit']): string {
  const { concurrent, perSecond, perMinute } = limit;
  return [
    concurrent === undefined ? undefined : `${concurrent} at once`,
    perSecond === undefined ? undefined : `${perSecond} a second`,
    perMinute === undefined ? undefined : `${perMinute} a minute`,
  ]
    .filter(isText)
    .join(', ');
}

function timeoutText({ connectMs, totalMs, readMs }: CallTimeouts): string {
  return [
    connectMs === undefined ? undefined : `${durationText(connectMs)} to connect`,
    readMs === undefined ? undefined : `${durationText(readMs)} of silence`,
    totalMs === undefined ? undefined : `${durationText(totalMs)} in all`,
  ]
    .filter(isText)
    .join(', ');
}

function tlsText(network: NetworkPart | undefined): string {
  if (network?.verify === false) return 'NOT VERIFIED';
  const authority = network?.authority === undefined ? '' : ', by an authority of its own too';
  return `verified${authority}, TLS ${network?.minTls ?? '1.2'} or later`;
}

function isText(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
