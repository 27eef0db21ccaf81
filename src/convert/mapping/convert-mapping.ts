import type { MappingDocument } from '../../document/mapping/mapping.ts';
import { CannotConvert, type ConversionNote, type ConversionOptions, type KnownNames } from '../conversion.ts';
import type { NativeSource } from '../map/native-source.ts';
import type { NativeElement } from '../native-element.ts';
import { nativeNameFor } from '../native-name.ts';
import { fieldSource } from './field-source.ts';
import { MappingConversion } from './mapping-conversion.ts';

/** A coreBOS mapping as a native one. Throws CannotConvert with the reason when it has to stay what it is. */
export function convertMapping(
  mapping: MappingDocument,
  known: KnownNames,
  options: ConversionOptions,
): { readonly element: NativeElement; readonly name: string; readonly notes: readonly ConversionNote[] } {
  if (mapping.fields.length === 0)
    throw new CannotConvert('it fills no field, and a native mapping fills one at least');
  const conversion = new MappingConversion(mapping, known, options);
  const targets = targetsOf(conversion);
  const name = nativeName(conversion);
  noteRecords(conversion);
  const element: NativeElement = {
    name: 'mapping',
    attributes: [['xmlns', 'urn:mapwright:1'], ['name', name], ...modules(conversion, targets)],
    children: [...targets].map(([field, target]) => targetElement('set', 'field', field, target)),
  };
  return { element, name, notes: conversion.notes };
}

/** A value, or what is nested below a name. */
type Target = NativeSource | Map<string, Target>;

function targetsOf(conversion: MappingConversion): Map<string, Target> {
  const targets = new Map<string, Target>();
  for (const field of conversion.mapping.fields) {
    put(targets, field.field.value.split('.'), fieldSource(conversion, field));
  }
  return targets;
}

function put(into: Map<string, Target>, [name = '', ...rest]: readonly string[], source: NativeSource): void {
  if (name.trim() === '') throw new CannotConvert('a target field has an empty name between its dots');
  const there = into.get(name);
  if (rest.length === 0) {
    if (there !== undefined) throw new CannotConvert(`${name} is both a field and what others are nested in`);
    into.set(name, source);
    return;
  }
  if (there !== undefined && !(there instanceof Map)) {
    throw new CannotConvert(`${name} is both a field and what others are nested in`);
  }
  const inner = there ?? new Map<string, Target>();
  into.set(name, inner);
  put(inner, rest, source);
}

function targetElement(name: string, key: string, target: string, source: Target): NativeElement {
  if (source instanceof Map) {
    const children = [...source].map(([member, inner]) => targetElement('parameter', 'name', member, inner));
    return { name, attributes: [[key, target]], children };
  }
  const { attributes, child, text } = source;
  return {
    name,
    // The attribute field of <set> is the field that is set.
    attributes: [[key, target], ...attributes.map(([own, value]) => [own === key ? 'from' : own, value] as const)],
    ...(child === undefined ? {} : { children: [child] }),
    ...(text === undefined ? {} : { text }),
  };
}

/** The modules that are known; one that lacks a field that is filled is left out: a native mapping is checked against it. */
function modules(
  conversion: MappingConversion,
  targets: ReadonlyMap<string, unknown>,
): readonly (readonly [string, string])[] {
  const { from, to } = conversion;
  const fields = new Set(to?.fields.map(({ name }) => name));
  const missing = to === undefined ? [] : [...targets.keys()].filter((name) => !fields.has(name));
  if (to !== undefined && missing.length > 0) {
    conversion.note('changed', 'mapping', `it does not say to="${to.name}", which has no field ${missing.join(', ')}`);
  }
  return [
    ...(from === undefined ? [] : [['from', from.name] as const]),
    ...(to === undefined || missing.length > 0 ? [] : [['to', to.name] as const]),
  ];
}

function nativeName(conversion: MappingConversion): string {
  const { name } = conversion.mapping;
  const renamed = nativeNameFor(name, 'mapping');
  if (renamed === undefined) return name;
  conversion.note(
    'changed',
    'mapping',
    `it is called ${renamed}: tasks and functions that name "${name}" have to be changed`,
  );
  return renamed;
}

/** What is mapped cannot be told from the document alone. */
function noteRecords(conversion: MappingConversion): void {
  const { from, isOfRows, options } = conversion;
  if (from === undefined || isOfRows || options.keepTypes) return;
  const message = `it is given records of ${from.name}; of a row that lacks a field it fails, where coreBOS takes it for empty`;
  conversion.note('assumed', 'mapping', message, conversion.mapping.from);
}
