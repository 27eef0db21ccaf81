import { isFileBeside } from '../core/soap-description.ts';
import type { ServiceDocument } from '../document/service.ts';
import { checkReferences } from './check-names.ts';
import { type CompileContext, accept, resolve } from './compile-context.ts';
import { wsdlTemplateKind } from './compile-description.ts';
import { compileExpectations } from './compile-map.ts';
import { compilePlan } from './compile-plan.ts';
import { compileParameters } from './compile-source.ts';
import type { CompiledService } from './compiled-service.ts';
import { compileNetwork, type KnownCredentials } from './network/compile-network.ts';
import type { CompiledCredential } from './credential/compiled-credential.ts';

/** The service with its texts compiled; undefined when its URL cannot be used. */
export function compileService(
  context: CompileContext,
  service: ServiceDocument,
  among: KnownCredentials,
): CompiledService | undefined {
  const url = accept(context, service.file, service.url, context.texts.template(service.url.value, 'origin'));
  if (url === undefined) return undefined;
  const references = { file: service.file, text: service.url, references: url.references, module: undefined };
  checkReferences(context, { ...references, missingFieldIs: 'error' });
  return {
    name: service.name,
    document: service,
    url,
    wsdl: compileWsdl(context, service),
    description: context.descriptions.at(context, service.file, service.wsdl),
    headers: compileParameters(context, { file: service.file, module: undefined }, service.headers),
    expectations: compileExpectations(context, service.file, service.expectations),
    plan: compilePlan(context, { file: service.file, module: undefined }, service.onError),
    credential: compileUse(context, service, among),
    network: compileNetwork(context, service.file, service.network, among),
  };
}

function compileWsdl(context: CompileContext, { file, wsdl }: ServiceDocument): CompiledService['wsdl'] {
  if (wsdl === undefined || isFileBeside(wsdl.value)) return undefined;
  const template = accept(context, file, wsdl, context.texts.template(wsdl.value, wsdlTemplateKind(wsdl)));
  if (template === undefined) return undefined;
  const references = { file, text: wsdl, references: template.references, module: undefined };
  checkReferences(context, { ...references, missingFieldIs: 'error' });
  return template;
}

/** A credential with problems of its own has told them already. */
function compileUse(
  context: CompileContext,
  { file, credential: name }: ServiceDocument,
  { credentials, knownCredentials }: KnownCredentials,
): CompiledCredential | undefined {
  if (name === undefined) return undefined;
  resolve(context, { file, name, among: knownCredentials, code: 'CREDENTIAL_UNKNOWN', what: 'credential' });
  return credentials.get(name.value);
}
