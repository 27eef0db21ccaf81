import type { ServiceDocument } from '../document/service.ts';
import { checkReferences } from './check-names.ts';
import { type CompileContext, accept, report } from './compile-context.ts';
import { compileExpectations } from './compile-map.ts';
import { compilePlan } from './compile-plan.ts';
import { compileParameters } from './compile-source.ts';
import type { CompiledService } from './compiled-service.ts';

/** The service with its texts compiled; undefined when its URL cannot be used. */
export function compileService(context: CompileContext, service: ServiceDocument): CompiledService | undefined {
  const url = accept(context, service.file, service.url, context.texts.template(service.url.value, 'origin'));
  if (url === undefined) return undefined;
  const references = { file: service.file, text: service.url, references: url.references, module: undefined };
  checkReferences(context, { ...references, missingFieldIs: 'error' });
  if (service.credential !== undefined) {
    report(context, {
      code: 'CREDENTIAL_UNAVAILABLE',
      message: 'credentials are not available in this version',
      hint: 'send the key as a header or parameter with secret="..."',
      file: service.file,
      range: service.credential.range,
    });
  }
  return {
    name: service.name,
    document: service,
    url,
    headers: compileParameters(context, { file: service.file, module: undefined }, service.headers),
    expectations: compileExpectations(context, service.file, service.expectations),
    plan: compilePlan(context, { file: service.file, module: undefined }, service.onError),
  };
}
