import type { DescribedApi, DescribedCall, WantedValue } from './described-api.ts';
import { mapDocument } from './map-document.ts';
import { mapTestDocument } from './map-test-document.ts';
import { credentialDocument, serviceDocument } from './surrounding-documents.ts';

/** A document on its way into a folder, with `/` in its path. */
export interface WrittenDocument {
  readonly kind: 'service' | 'credential' | 'map' | 'map-test';
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** The call that a map, or the test of one, was made of. */
  readonly call?: DescribedCall | undefined;
}

/** Every document of a described interface: each in a file of its own, the maps in a folder of the interface. */
export function apiDocuments(api: DescribedApi): WrittenDocument[] {
  return [
    ...api.credentials.map((credential) => ({
      kind: 'credential' as const,
      name: credential.name,
      path: `credentials/${credential.name}.xml`,
      text: credentialDocument(credential),
    })),
    ...api.services.map((service) => ({
      kind: 'service' as const,
      name: service.name,
      path: `services/${service.name}.xml`,
      text: serviceDocument(service),
    })),
    ...api.calls.flatMap((call) => callDocuments(api, call)),
  ];
}

function callDocuments({ name, wanted, services }: DescribedApi, call: DescribedCall): WrittenDocument[] {
  const text = mapDocument(call);
  const map: WrittenDocument = { kind: 'map', name: call.name, path: `maps/${name}/${call.name}.xml`, text, call };
  if (call.example === undefined) return [map];
  const service = services.find((one) => one.name === call.service);
  const used = `${text}${service === undefined ? '' : serviceDocument(service)}`;
  const test = mapTestDocument(call, call.example, usedIn(used, wanted));
  return [map, { kind: 'map-test', name: call.name, path: `tests/${name}/${call.name}.test.xml`, text: test, call }];
}

/** Those that the texts name. */
function usedIn(text: string, wanted: readonly WantedValue[]): WantedValue[] {
  return wanted.filter(({ kind, name }) => text.includes(`{${kind}.${name}}`) || text.includes(`${kind}="${name}"`));
}
