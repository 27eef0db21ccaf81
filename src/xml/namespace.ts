import { isLocalName } from './name.ts';

/** The namespace declarations of one element, over those of the elements around it. */
export interface NamespaceScope {
  readonly declared: ReadonlyMap<string, string>;
  readonly outer: NamespaceScope | undefined;
}

/** What holds outside the root element: the prefix `xml`, and no default namespace. */
export const ROOT_SCOPE: NamespaceScope = {
  declared: new Map([
    ['', ''],
    ['xml', 'http://www.w3.org/XML/1998/namespace'],
  ]),
  outer: undefined,
};

/** The namespace a prefix stands for (`''` asks for the default one); undefined when it is not declared. */
export function namespaceOf(scope: NamespaceScope, prefix: string): string | undefined {
  for (let at: NamespaceScope | undefined = scope; at !== undefined; at = at.outer) {
    const namespace = at.declared.get(prefix);
    if (namespace !== undefined) return namespace;
  }
  return undefined;
}

/** Prefix and local part of a name; undefined when its colons make no qualified name. */
export function splitName(name: string): { readonly prefix: string; readonly local: string } | undefined {
  const colon = name.indexOf(':');
  if (colon === -1) return { prefix: '', local: name };
  const local = name.slice(colon + 1);
  if (colon === 0 || !isLocalName(local)) return undefined;
  return { prefix: name.slice(0, colon), local };
}
