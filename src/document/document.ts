import type { Diagnostic } from '../core/diagnostic.ts';
import type { CredentialDocument } from './credential.ts';
import type { InformationMapDocument } from './information-map/information-map.ts';
import type { WebserviceMap } from './map.ts';
import type { MapTestDocument } from './map-test.ts';
import type { MappingDocument } from './mapping/mapping.ts';
import type { ModuleDocument } from './module.ts';
import type { PackDocument } from './pack.ts';
import type { RecordSetDocument } from './record-set/record-set.ts';
import type { RuleDocument } from './rule/rule.ts';
import type { ServiceDocument } from './service.ts';
import type { WorkflowDocument } from './workflow.ts';
import type { WsdlDocument } from './wsdl.ts';

/** Any document, read. */
export type Document =
  | ModuleDocument
  | ServiceDocument
  | CredentialDocument
  | WebserviceMap
  | WorkflowDocument
  | MapTestDocument
  | RuleDocument
  | MappingDocument
  | RecordSetDocument
  | InformationMapDocument
  | PackDocument
  | WsdlDocument;

/** What reading a text gives. A document with errors is given as far as it could be read, or not at all. */
export interface ReadResult {
  readonly documents: readonly Document[];
  readonly diagnostics: readonly Diagnostic[];
}
