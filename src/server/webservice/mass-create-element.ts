import { MapwrightError } from '../../core/error.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { elementText } from './change-request.ts';
import { invalidParameter, wordsOf } from './parameter-reading.ts';

/** One element of a MassCreate. */
export interface NewElement {
  /** Its place in the request. */
  readonly index: number;
  /** As the client sent it, for telling about it. */
  readonly given: JsonObject;
  readonly module: string;
  /** The name by which others refer to it, `@{name}`; empty when none can. */
  readonly referenceId: string;
  readonly values: JsonObject;
  /** The fields by which a record that is there already is found; none creates one always. */
  readonly searchOn: readonly string[];
  /** The names of the elements it refers to. */
  readonly refersTo: readonly string[];
}

const LINK = /^@\{([^{}]+)\}$/u;

/** Reads one element. Throws INVALID_PARAMETER. */
export function readNewElement(given: JsonObject, index: number): NewElement {
  const values = elementText(given['element']);
  if (!isJsonObject(values)) throw invalidParameter(`Element ${index + 1} of parameter elements has no element`);
  const { referenceId, elementType } = given;
  return {
    index,
    given,
    module: textOf(elementType),
    referenceId: textOf(referenceId),
    values,
    searchOn: wordsOf(textOf(given['searchon'] ?? given['searchOn'])),
    refersTo: [...new Set(Object.values(values).flatMap((value) => linkOf(value) ?? []))],
  };
}

/** The values with each link replaced by the id of the record made for it. */
export function linkedValues(element: NewElement, ids: ReadonlyMap<string, string>): JsonObject {
  const values = Object.entries(element.values).map(([name, value]) => {
    const link = linkOf(value);
    if (link === undefined) return [name, value] as const;
    const id = ids.get(link);
    if (id === undefined) throw new MapwrightError('REFERENCE_INVALID', `@{${link}} of ${name} was not created`);
    return [name, id] as const;
  });
  return Object.fromEntries(values);
}

/**
 * The elements in groups: each refers only to elements of groups before it. Throws REFERENCE_INVALID for a link to
 * nothing, for two elements of one name, and for elements that refer to each other in a circle.
 */
export function inOrderOfLinks(elements: readonly NewElement[]): readonly (readonly NewElement[])[] {
  const named = new Set<string>();
  for (const { referenceId } of elements) {
    if (referenceId !== '' && named.has(referenceId)) throw invalidReference(`two elements are called ${referenceId}`);
    named.add(referenceId);
  }
  const unknown = elements.flatMap(({ refersTo }) => refersTo).find((name) => !named.has(name));
  if (unknown !== undefined) throw invalidReference(`no element is called ${unknown}`);
  return inGroups(elements);
}

/** Each element is taken up once, when all that it refers to have been: also a chain of thousands is gone through but once. */
function inGroups(elements: readonly NewElement[]): readonly (readonly NewElement[])[] {
  const referring = Map.groupBy(
    elements.flatMap((element) => element.refersTo.map((name) => ({ name, element }))),
    ({ name }) => name,
  );
  const open = new Map(elements.map((element) => [element, element.refersTo.length]));
  const groups: NewElement[][] = [];
  let ready = elements.filter(({ refersTo }) => refersTo.length === 0);
  while (ready.length > 0) {
    groups.push(ready);
    const freed: NewElement[] = [];
    for (const taken of ready) open.delete(taken);
    for (const { element } of ready.flatMap(({ referenceId }) => referring.get(referenceId) ?? [])) {
      const left = (open.get(element) ?? 0) - 1;
      open.set(element, left);
      if (left === 0) freed.push(element);
    }
    ready = freed.toSorted((one, other) => one.index - other.index);
  }
  const circle = [...open.keys()].map(({ referenceId }) => referenceId).filter((name) => name !== '');
  if (open.size > 0) throw invalidReference(`${circle.slice(0, 5).join(', ')} refer to each other in a circle`);
  return groups;
}

function linkOf(value: Json): string | undefined {
  return typeof value === 'string' ? LINK.exec(value.trim())?.[1] : undefined;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function invalidReference(why: string): MapwrightError {
  return new MapwrightError('REFERENCE_INVALID', `Invalid reference specified: ${why}`);
}
