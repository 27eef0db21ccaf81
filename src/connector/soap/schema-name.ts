import { localName, namespacePart, qualifiedName, readQualifiedName, type QualifiedName } from './qualified-name.ts';
import type { Declared } from './type-model.ts';

/** A name that a schema mentions. Without a prefix and a default namespace it means the including schema's. */
export function schemaName({ node, setting }: Declared, written: string): QualifiedName {
  const name = readQualifiedName(node, written);
  return setting.isChameleon && namespacePart(name) === '' ? qualifiedName(setting.namespace, localName(name)) : name;
}
