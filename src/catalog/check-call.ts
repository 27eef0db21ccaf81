import { isFileBeside } from '../core/soap-description.ts';
import type { WebserviceMap } from '../document/map.ts';
import type { Template } from '../expression/template.ts';
import { checkBody } from './check-body.ts';
import { checkSoap } from './check-soap.ts';
import { wsdlTemplateKind } from './compile-description.ts';
import { type CompileContext, report } from './compile-context.ts';
import { checkSpread } from './check-spread.ts';
import type { CompiledParameter } from './compiled-parameter.ts';
import { namesInPath, placeOf } from './parameter-place.ts';

interface Call {
  readonly document: WebserviceMap;
  readonly path: Template | undefined;
  readonly parameters: readonly CompiledParameter[];
}

/** Reports what no request could be built from: no origin, unknown names in the path, a body that nothing can be made of. */
export function checkCall(context: CompileContext, call: Call): void {
  if (call.document.dialect !== 'native') return checkLegacyOrigin(context, call);
  if (call.document.call.soap === undefined) checkBody(context, call);
  else checkSoap(context, call.document);
  const inPath = namesInPath(call.path);
  checkSpread(context, call.document, (parameter) => placeOf(parameter, call.document.call, inPath));
  checkOrigin(context, call);
  checkPathParameters(context, call);
}

function checkOrigin(context: CompileContext, { document }: Call): void {
  const { url, soap } = document.call;
  const wsdl = soap?.wsdl;
  const isBeside = wsdl !== undefined && isFileBeside(wsdl.value);
  const isWhole = url !== undefined || isBeside || wsdlTemplateKind(wsdl) === 'origin';
  if (!isWhole && document.service === undefined) {
    report(context, {
      code: 'MAP_NO_ORIGIN',
      message: 'the map says nowhere where to call',
      hint: `name a service="...", or give <call ${soap === undefined ? 'url' : 'wsdl'}="https://...">`,
      file: document.file,
      range: document.nameAt.range,
    });
  }
}

/** The host of a coreBOS map's URL may come from the text and from settings, not from the context or from fields. */
function checkLegacyOrigin(context: CompileContext, { document, parameters }: Call): void {
  const { url, wire } = document.call;
  const origin = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#]*/iu.exec(url?.value.trim() ?? '')?.[0] ?? '';
  const names = wire === 'corebos-restful' ? parameters.map(({ name }) => `$${name}`) : [];
  const found = ['getContext(', ...names].find((name) => origin.includes(name));
  if (url === undefined || found === undefined) return;
  report(context, {
    code: 'URL_FROM_DATA',
    message: `the host of wsurl would come from ${found === 'getContext(' ? 'the context' : `the field ${found}`}`,
    hint: 'write the host into wsurl, or take it from a setting: getSetting(name)',
    file: document.file,
    range: url.range,
  });
}

function checkPathParameters(context: CompileContext, { document, path, parameters }: Call): void {
  const names = new Set(parameters.map((parameter) => parameter.name));
  for (const reference of path?.references ?? []) {
    const name = reference.path[0];
    if (reference.root !== 'parameter' || name === undefined || names.has(name) || document.call.path === undefined)
      continue;
    report(context, {
      code: 'PARAMETER_UNKNOWN',
      message: `the path uses {${name}}, and the map has no parameter of that name`,
      hint: `add <parameter name="${name}" .../>`,
      file: document.file,
      range: {
        start: document.call.path.positionAt(reference.offset),
        end: document.call.path.positionAt(reference.offset + Math.max(1, reference.length)),
      },
    });
  }
}
