import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { XmlElement } from '../../src/xml/element.ts';
import { parseXml } from '../../src/xml/parse.ts';

/** What a schema lets an element hold. */
export interface SchemaElement {
  readonly attributes: ReadonlySet<string>;
  readonly children: ReadonlySet<string>;
}

interface Collected {
  readonly attributes: Set<string>;
  readonly children: Set<string>;
}

function rootOf(schema: string): XmlElement {
  const text = readFileSync(new URL(`../../schema/${schema}`, import.meta.url), 'utf8');
  return parseXml(text).root ?? assert.fail(`${schema} cannot be read`);
}

function attribute(element: XmlElement, name: string): string | undefined {
  return element.attributes.get(name)?.value.replace(/^m:/u, '');
}

/** The names of all elements that a schema declares at its top. */
export function globalElements(schema: string): string[] {
  return rootOf(schema).children.flatMap((child) => (child.name === 'element' ? (attribute(child, 'name') ?? []) : []));
}

/** All elements that can stand in the given ones, with what they hold; two of one name are taken together. */
export function elementsWithin(schema: string, roots: readonly string[]): ReadonlyMap<string, SchemaElement> {
  const top = rootOf(schema).children;
  const found = new Map<string, Collected>();
  const visited = new Set<XmlElement>();
  const named = (kind: string, name: string | undefined): XmlElement[] =>
    top.filter((child) => child.name === kind && attribute(child, 'name') === name);

  function visitElement(element: XmlElement): string {
    const target = named('element', attribute(element, 'ref'))[0] ?? element;
    const name = attribute(target, 'name') ?? assert.fail('an element without a name');
    const collected = found.get(name) ?? { attributes: new Set<string>(), children: new Set<string>() };
    found.set(name, collected);
    if (visited.has(target)) return name;
    visited.add(target);
    for (const type of named('complexType', attribute(target, 'type'))) visitContent(type, collected);
    visitContent(target, collected);
    return name;
  }

  function visitContent(content: XmlElement, into: Collected): void {
    for (const child of content.children) {
      const ref = attribute(child, 'ref');
      if (child.name === 'element') into.children.add(visitElement(child));
      else if (child.name === 'attribute') into.attributes.add(attribute(child, 'name') ?? '');
      else if (ref !== undefined) for (const group of named(child.name, ref)) visitContent(group, into);
      else visitContent(child, into);
      for (const base of named('complexType', attribute(child, 'base'))) visitContent(base, into);
    }
  }

  for (const root of top.filter((child) => child.name === 'element' && roots.includes(attribute(child, 'name') ?? '')))
    visitElement(root);
  return found;
}
