import type { Parameter, WebserviceMap } from '../../document/map.ts';
import { CannotConvert, type ConversionNote, type ConversionOptions, type KnownNames } from '../conversion.ts';
import type { NativeElement } from '../native-element.ts';
import { nativeNameFor } from '../native-name.ts';
import { convertAddress, type NativeAddress } from './address.ts';
import { convertHeaders } from './header.ts';
import { basicHeader } from './basic-login.ts';
import { mayBeList } from './list-value.ts';
import { MapConversion, type ValuePlace } from './map-conversion.ts';
import { convertResponse } from './output.ts';
import { convertParameter } from './parameter.ts';
import { convertQuery } from './query.ts';

/** A coreBOS map as a native one. Throws CannotConvert with the reason when it has to stay what it is. */
export function convertMap(
  map: WebserviceMap,
  known: KnownNames,
  options: ConversionOptions,
): { readonly element: NativeElement; readonly name: string; readonly notes: readonly ConversionNote[] } {
  if (map.call.protocol === 'soap')
    throw new CannotConvert(
      'SOAP calls are not converted: write <call protocol="soap" operation="..." wsdl="..."/> with its parameters',
    );
  if (map.call.network !== undefined) {
    throw new CannotConvert('its proxy, or certinsecure 0, belongs into a service: name one with <network> first');
  }
  const conversion = new MapConversion(map, known, options);
  refuseReturnOnly(conversion);
  const address = convertAddress(conversion);
  const headers = [...convertHeaders(conversion), ...basicHeader(conversion)];
  if (hasDynamicContentType(map))
    throw new CannotConvert('its Content-Type comes from data, and decides how the body is written');
  const { parameters, isPhp } = convertFields(conversion, address);
  const response = convertResponse(conversion);
  const name = nativeName(conversion);
  noteDialect(conversion);
  const element: NativeElement = {
    name: 'map',
    attributes: [['xmlns', 'urn:mapwright:1'], ['name', name], ...moduleAttribute(conversion)],
    children: [
      callElement(map, address, isPhp),
      ...headers,
      ...(parameters.length === 0 ? [] : [{ name: 'parameters', children: parameters }]),
      ...(response === undefined ? [] : [response]),
    ],
  };
  return { element, name, notes: conversion.notes };
}

/** The context key with which values are given back instead of being saved; native maps know none. */
const RETURN_ONLY_KEY = 'WSCall_ReturnResultWithNoSave';

function refuseReturnOnly(conversion: MapConversion): void {
  const { map, known } = conversion;
  if (map.response.outputs.some(({ context }) => context?.value === RETURN_ONLY_KEY)) {
    throw new CannotConvert(`it sets ${RETURN_ONLY_KEY}, which native maps do not look at`);
  }
  if (!known.isNamedElsewhere(RETURN_ONLY_KEY, map.file)) return;
  conversion.note(
    'changed',
    'map',
    `${RETURN_ONLY_KEY} in the context has no effect: what it gives to fields is written`,
  );
}

interface ConvertedFields {
  readonly parameters: readonly NativeElement[];
  /** True when body and query are written as PHP writes them. */
  readonly isPhp: boolean;
}

function convertFields(conversion: MapConversion, address: NativeAddress): ConvertedFields {
  const { call, parameters } = conversion.map;
  const fields = parameters.filter((parameter) => parameter.in !== 'header');
  if (call.wire === 'corebos-query') return convertQuery(conversion, fields);
  const inBody = fields.filter(({ name }) => !address.inPath.has(name));
  const isOwn = inBody.some(call.body === 'json' ? isListName : mayBeList);
  const isPhp = inBody.length > 0 && (conversion.options.keepTypes || isOwn);
  if (isOwn) conversion.note('kept', 'body', 'it is written as PHP writes it, because of its lists');
  const place: ValuePlace = call.body === 'json' ? 'json' : isPhp ? 'php-form' : 'text';
  const isBodyless = ['GET', 'HEAD', 'DELETE'].includes(call.method);
  const elements = fields.map((field) => {
    const isInPath = address.inPath.has(field.name);
    const where = isInPath || !isBodyless ? undefined : 'body';
    return convertParameter(conversion, field, { place: isInPath ? 'text' : place, in: where });
  });
  return { parameters: elements, isPhp };
}

/** Fields named 0, 1, 2 are a list in PHP, and members in another order in JavaScript. */
function isListName({ name }: Parameter): boolean {
  return /^\d+$/u.test(name);
}

const MAY_BE_REPEATED = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'];

function callElement({ call }: WebserviceMap, address: NativeAddress, isPhp: boolean): NativeElement {
  const { method, timeouts } = call;
  const timeout: NativeElement = { name: 'timeout', attributes: [['total', durationOf(timeouts.totalMs ?? 0)]] };
  const body = call.wire === 'corebos-query' ? 'none' : call.body;
  return {
    name: 'call',
    attributes: [
      ['method', method],
      ['url', address.url],
      ...(address.path === undefined ? [] : [['path', address.path] as const]),
      ...(body === 'json' || (body === 'none' && ['GET', 'HEAD', 'DELETE'].includes(method))
        ? []
        : [['body', body] as const]),
      ...(isPhp ? [['serialization', 'php'] as const] : []),
      ...(MAY_BE_REPEATED.includes(method) ? [] : [['in-doubt', 'resend'] as const]),
    ],
    ...(timeouts.totalMs === undefined ? {} : { children: [timeout] }),
  };
}

/** Whole seconds where they are, or where milliseconds have too many digits. */
function durationOf(durationMs: number): string {
  const isSeconds = durationMs % 1000 === 0 || durationMs > 999_999;
  return isSeconds ? `${Math.ceil(durationMs / 1000)}s` : `${durationMs}ms`;
}

function hasDynamicContentType({ parameters }: WebserviceMap): boolean {
  const header = parameters.find(({ name, in: place }) => place === 'header' && name.toLowerCase() === 'content-type');
  return (
    header?.source.kind === 'legacy-text' && /get(?:Context|Setting|GlobalVariable)\(/u.test(header.source.text.value)
  );
}

/** The module, when it is known and has every field that answers are written to: a native map is checked against it. */
function moduleAttribute(conversion: MapConversion): readonly (readonly [string, string])[] {
  const { module, map } = conversion;
  if (module === undefined) return [];
  const fields = new Set(module.fields.map(({ name }) => name));
  const missing = map.response.outputs.flatMap(({ field }) =>
    field === undefined || fields.has(field.value) ? [] : [field.value],
  );
  if (missing.length === 0) return [['module', module.name]];
  conversion.note('changed', 'map', `it names no module: ${module.name} has no field ${missing.join(', ')}`);
  return [];
}

/** Native names are letters, digits and a few marks. */
function nativeName(conversion: MapConversion): string {
  const { name } = conversion.map;
  const renamed = nativeNameFor(name, 'map');
  if (renamed === undefined) return name;
  conversion.note('changed', 'map', `it is called ${renamed}: tasks that name "${name}" have to be changed`);
  return renamed;
}

function noteDialect(conversion: MapConversion): void {
  const { method } = conversion.map.call;
  const goesOn =
    'after an answer that refuses, the run stops or follows its error plan; after a coreBOS map it goes on with the next task';
  conversion.note('changed', 'map', goesOn);
  if (method === 'POST' || method === 'PATCH') {
    conversion.note('changed', 'call', 'it has the header Idempotency-Key, too');
  }
}
