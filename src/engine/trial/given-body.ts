import { type CallRequest } from '../../core/call.ts';
import { MapwrightError } from '../../core/error.ts';
import type { FileReference, FileSource } from '../../core/file-store.ts';
import type { CompiledMap } from '../../catalog/compiled-map.ts';
import { describeFile, requireStored, streamedBody } from '../request/file-body.ts';
import { mergeHeaders } from '../request/headers.ts';
import { bodyTypeOf } from '../request/native-request.ts';
import { type GivenParameter, givenPlaceOf } from './given-parameters.ts';

/** The map with nothing of its own in the body. Throws TRIAL_BODY where there can be no body, or one of two has to go. */
export function withoutBodyParameters(map: CompiledMap, given: readonly GivenParameter[]): CompiledMap {
  if (map.document.call.protocol === 'soap') {
    throw new MapwrightError('TRIAL_BODY', `map "${map.name}" is a SOAP call: its envelope follows from the WSDL`, {
      hint: 'give values of its parameters: --param NAME=VALUE',
    });
  }
  const inBody = map.parameters.filter((parameter) => givenPlaceOf(map, parameter) === 'form');
  const both = given.find(({ name }) => inBody.some((parameter) => parameter.name === name));
  if (both !== undefined) {
    throw new MapwrightError('TRIAL_BODY', `the whole body is given, and "${both.name}", which is a part of it`, {
      hint: 'give the body, or values of its parameters',
    });
  }
  return { ...map, body: undefined, parameters: map.parameters.filter((parameter) => !inBody.includes(parameter)) };
}

/** The request with this body, of the type that the map's bodies have. Rejects with FILE_GONE. */
export async function withBody(
  request: CallRequest,
  body: string | FileReference,
  { map, files }: { readonly map: CompiledMap; readonly files: FileSource | undefined },
): Promise<CallRequest> {
  const type = typeOf(map, body);
  const headers = mergeHeaders([type === undefined ? [] : [['Content-Type', type]], request.headers]);
  if (typeof body === 'string') return { ...request, headers, body };
  await requireStored(body, files);
  const shown = describeFile(body);
  return {
    ...request,
    headers,
    body: streamedBody([body], { files, shown, content: { kind: 'file', name: body.name } }),
  };
}

function typeOf({ document: { call, dialect } }: CompiledMap, body: string | FileReference): string | undefined {
  if (dialect === 'corebos')
    return call.wire === 'corebos-json' ? 'application/json' : 'application/x-www-form-urlencoded';
  const type = call.contentType ?? bodyTypeOf(call.body);
  return call.body === 'raw' && call.contentType === undefined && typeof body !== 'string' ? body.type : type;
}
