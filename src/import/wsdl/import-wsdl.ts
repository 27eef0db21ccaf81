import { freeName } from '../../core/document-name.ts';
import { MapwrightError } from '../../core/error.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type {
  DescribedApi,
  DescribedCall,
  DescribedOutput,
  DescribedParameter,
  DescribedService,
  DescriptionNote,
} from '../description/described-api.ts';
import { isPlainKey, keyOf, nameOfWords } from '../description/naming.ts';
import type { DescribedMember, DescribedOperation } from './described-operation.ts';

/** What is taken of a WSDL, and how. */
export interface WsdlChoice {
  readonly name: string;
  /** Only these operations. */
  readonly operations?: readonly string[];
  /** Where calls go, in the place of the address that is described. */
  readonly server?: string | undefined;
  /** Where the WSDL can be read when calls are made; undefined: at the service's address with `?wsdl`. */
  readonly wsdl?: string | undefined;
}

/** A service and a call for each operation of a WSDL. Throws IMPORT_OPERATION_UNKNOWN. */
export function importWsdl(operations: readonly DescribedOperation[], choice: WsdlChoice): DescribedApi {
  const { name } = choice;
  const services: DescribedService[] = [];
  const serviceNames = new Set<string>();
  const notes: DescriptionNote[] = [];
  const serviceAt = (address: string): string => {
    const known = services.find(({ url }) => url === address);
    if (known !== undefined) return known.name;
    const free = freeName(name, serviceNames);
    services.push({ name: free, url: address });
    if (choice.wsdl === undefined)
      notes.push({
        of: free,
        says: `the WSDL is read at ${address}?wsdl when calls are made; --wsdl names another address`,
      });
    return free;
  };
  const taken = new Set<string>();
  const calls = chosen(operations, choice.operations ?? []).map((operation): DescribedCall => {
    const address = choice.server ?? operation.address;
    const isDefault = choice.wsdl === undefined || choice.wsdl.toLowerCase() === `${address}?wsdl`.toLowerCase();
    return {
      name: freeName(nameOfWords(`${name} ${operation.name}`, name), taken),
      title: operation.name,
      label: operation.name,
      service: serviceAt(address),
      method: undefined,
      call: { protocol: 'soap', operation: operation.name, wsdl: isDefault ? undefined : choice.wsdl },
      parameters: parametersOf(operation.input, new KeyBook(), ''),
      outputs: outputsOf(operation.output),
    };
  });
  return { name, services, credentials: [], calls, wanted: [], notes };
}

function chosen(operations: readonly DescribedOperation[], wanted: readonly string[]): readonly DescribedOperation[] {
  const names = operations.map((one) => one.name);
  for (const name of wanted) {
    if (names.includes(name)) continue;
    throw new MapwrightError('IMPORT_OPERATION_UNKNOWN', `the description has no operation "${name}"`, {
      hint: didYouMean(name, names) ?? `there are: ${names.slice(0, 20).join(', ')}`,
    });
  }
  return wanted.length === 0 ? operations : operations.filter(({ name }) => wanted.includes(name));
}

class KeyBook {
  readonly #taken = new Set<string>();

  /** A context key that nothing else has. */
  key(name: string): string {
    let key = keyOf(name);
    for (let number = 2; this.#taken.has(key); number++) key = `${keyOf(name)}_${number}`;
    this.#taken.add(key);
    return key;
  }
}

/** @param path the context path of what is above, with a dot at its end */
function parametersOf(members: readonly DescribedMember[], keys: KeyBook, path: string): DescribedParameter[] {
  return members.map(({ name, type, isList, isRequired, members: inner }) => {
    const context = path === '' ? keys.key(name) : `${path}${name}`;
    const shared = { name, in: undefined };
    const canNest = inner !== undefined && inner.length > 0 && inner.every((one) => isPlainKey(one.name));
    if (canNest && isRequired && !isList) {
      return { ...shared, source: { nested: parametersOf(inner, keys, `${context}.`) } };
    }
    const whole = isList ? (isRequired ? 'array' : 'json') : inner === undefined ? type : 'json';
    if (isRequired)
      return { ...shared, source: { context }, type: whole, required: inner !== undefined || type !== undefined };
    return { ...shared, source: { context }, type: whole, defaultValue: '', whenEmpty: 'omit' };
  });
}

const MOST_OUTPUTS = 40;

function outputsOf(members: readonly DescribedMember[]): DescribedOutput[] {
  const found: DescribedOutput[] = [];
  collect(members, { path: '', isSure: true, depth: 0 }, found);
  return found.slice(0, MOST_OUTPUTS);
}

function collect(
  members: readonly DescribedMember[],
  at: { readonly path: string; readonly isSure: boolean; readonly depth: number },
  found: DescribedOutput[],
): void {
  for (const { name, type, isList, isRequired, members: inner } of members) {
    if (!/^[^.[\]'"\s]+$/u.test(name) || found.length > MOST_OUTPUTS) continue;
    const path = `${at.path}${name}`;
    const isSure = at.isSure && isRequired;
    if (inner === undefined || isList) {
      found.push({ path, context: keyOf(path), type: isList ? 'array' : type, optional: !isSure });
    }
    const deeper = { path: `${path}.${isList ? '0.' : ''}`, isSure: isSure && !isList, depth: at.depth + 1 };
    if (inner !== undefined && at.depth < 2) collect(inner, deeper, found);
  }
}
