import type { Connector } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import { fetchWsdl } from '../../connector/soap/fetch-wsdl.ts';
import type { SoapMessage, SoapPart, SoapService } from '../../connector/soap/operation.ts';
import type { Member, TypeReference } from '../../connector/soap/type-model.ts';
import type { DescribedMember, DescribedOperation } from '../../import/wsdl/described-operation.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const TOTAL_TIMEOUT_MS = 60_000;
/** Types may hold themselves. */
const DEEPEST = 5;

/**
 * The operations that a WSDL describes, read through the connector with all that it imports. Rejects with
 * WsdlUnreachedError, SOAP_WSDL_INVALID or SOAP_BINDING_UNAVAILABLE.
 */
export async function describeWsdl(
  address: string,
  parts: { readonly connector: Connector; readonly clock: Clock },
): Promise<readonly DescribedOperation[]> {
  const end = parts.clock.now() + TOTAL_TIMEOUT_MS;
  const { service } = await fetchWsdl(address, {
    connector: parts.connector,
    login: undefined,
    network: undefined,
    control: {},
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    remainingMs: () => end - parts.clock.now(),
  });
  return [...service.operations.values()].map((operation) => ({
    name: operation.name,
    address: operation.address,
    input: membersOfMessage(service, operation.input),
    output: operation.output === undefined ? [] : membersOfMessage(service, operation.output),
  }));
}

/** Of the only part its members, else the parts. */
function membersOfMessage(service: SoapService, { parts }: SoapMessage): readonly DescribedMember[] {
  const described = parts.map((part) => memberOfPart(service, part));
  const [only] = described;
  return described.length === 1 && only?.members !== undefined && !only.isList ? only.members : described;
}

function memberOfPart(service: SoapService, { name, element, type }: SoapPart): DescribedMember {
  const reference =
    element === undefined ? (type === undefined ? undefined : { name: type }) : service.schemas.elementType(element);
  const shared = { name, isList: false, isRequired: true };
  return reference === undefined
    ? { ...shared, type: undefined, members: [] }
    : { ...shared, ...typeOf(service, reference, 0) };
}

function memberOf(service: SoapService, member: Member, depth: number): DescribedMember {
  const { name, type, repeated, required, nillable } = member;
  return { name, isList: repeated, isRequired: required && !nillable, ...typeOf(service, type, depth) };
}

function typeOf(
  service: SoapService,
  reference: TypeReference,
  depth: number,
): Pick<DescribedMember, 'type' | 'members'> & { readonly isList?: true } {
  const model = service.schemas.model(reference);
  if (model.kind === 'any') return { type: undefined, members: [] };
  if (model.kind === 'simple')
    return model.isList
      ? { type: undefined, members: undefined, isList: true }
      : { type: parameterType(model.base), members: undefined };
  if (depth >= DEEPEST) return { type: undefined, members: [] };
  if (model.items !== undefined) return { ...typeOf(service, model.items, depth + 1), isList: true };
  const members = model.members.map((member) => memberOf(service, member, depth + 1));
  if (model.text === undefined) return { type: undefined, members };
  const text: DescribedMember = {
    name: '_',
    type: parameterType(model.text.base),
    isList: false,
    isRequired: true,
    members: undefined,
  };
  return { type: undefined, members: [text, ...members] };
}

/** What can be wrong is checked; numbers that JavaScript would round stay texts. */
function parameterType(base: string): string | undefined {
  if (/^(?:int|short|byte|unsignedInt|unsignedShort|unsignedByte)$/u.test(base)) return 'integer';
  if (base === 'double' || base === 'float') return 'number';
  return base === 'boolean' || base === 'date' ? base : undefined;
}
