import { NATIVE_NAMESPACE } from '../../document/place.ts';
import { element, writeXml } from '../../xml/write.ts';
import type { DescribedCredential, DescribedService } from './described-api.ts';
import { descriptionElement } from './map-document.ts';
import { parameterElement } from './parameter-element.ts';

/** The `<service>` of calls. */
export function serviceDocument(service: DescribedService): string {
  const { name, label, url, credential, apiVersion, description, headers = [], parts = [] } = service;
  return writeXml(
    element('service', { xmlns: NATIVE_NAMESPACE, name, label, url, credential, 'api-version': apiVersion }, [
      ...descriptionElement(description),
      ...headers.map((header) => parameterElement(header, 'header')),
      ...parts,
    ]),
  );
}

/** The `<credential>` of a service: names of secrets, no secrets. */
export function credentialDocument({ name, label, kind, parts }: DescribedCredential): string {
  return writeXml(element('credential', { xmlns: NATIVE_NAMESPACE, name, label, kind }, parts));
}
