import { documentName } from '../../core/document-name.ts';
import type { FieldDefinition, ModuleDefinition } from '../../core/module.ts';
import type { Document } from '../../document/document.ts';
import type { WebserviceMap } from '../../document/map.ts';
import type { RuleDocument } from '../../document/rule/rule.ts';

/** What is known besides the export: documents that were brought over before, and what the numbers of records mean. */
export interface Knowledge {
  readonly documents: readonly Document[];
  /** The texts of files by name, for what a map reads of the context. */
  readonly texts: ReadonlyMap<string, string>;
  /** Names of business maps by their number: `1234` -> `FS:Create Accounts`. */
  readonly mapNames: ReadonlyMap<string, string>;
}

/** Looks things up by the names that coreBOS calls them. */
export class Known {
  readonly #documents: readonly Document[];
  readonly #mapNames: ReadonlyMap<string, string>;
  readonly #texts: ReadonlyMap<string, string>;

  constructor({ documents, mapNames, texts }: Knowledge) {
    this.#documents = documents;
    this.#mapNames = mapNames;
    this.#texts = texts;
  }

  /**
   * The name of the document that a task means by a number and perhaps a name, and whether it is at hand. Undefined when
   * neither says anything.
   */
  nameOf(kinds: readonly Document['kind'][], id: string, display: string): string | undefined {
    const said = this.#mapNames.get(plainNumber(id)) ?? display.trim();
    if (said === '') return undefined;
    return this.#find(kinds, said)?.name ?? said;
  }

  map(name: string): WebserviceMap | undefined {
    const found = this.#find(['map'], name);
    return found?.kind === 'map' ? found : undefined;
  }

  rule(name: string): RuleDocument | undefined {
    const found = this.#find(['rule'], name);
    return found?.kind === 'rule' ? found : undefined;
  }

  has(kind: Document['kind'], name: string): boolean {
    return this.#documents.some((document) => document.kind === kind && document.name === name);
  }

  module(name: string): ModuleDefinition | undefined {
    for (const document of this.#documents) {
      if (document.kind === 'module' && document.definition.name === name) return document.definition;
    }
    return undefined;
  }

  field(module: string, name: string): FieldDefinition | undefined {
    return this.module(module)?.fields.find((field) => field.name === name);
  }

  /** False only when the module is at hand and has no such field. */
  mayHave(module: string, name: string): boolean {
    return this.module(module) === undefined || this.field(module, name) !== undefined;
  }

  /** The text of the file that a map stands in; `""` when it is not at hand. */
  textOf(map: string): string {
    return this.#texts.get(this.map(map)?.file ?? '') ?? '';
  }

  /** Exactly so, or as a file may be called after it. */
  #find(kinds: readonly Document['kind'][], name: string): Document | undefined {
    const all = this.#documents.filter(({ kind }) => kinds.includes(kind));
    const slug = documentName(name, '');
    return (
      all.find((document) => document.name === name) ??
      all.find((document) => slug !== '' && documentName(document.name, '') === slug)
    );
  }
}

/** `14x1234` and `1234` are the same record. */
export function plainNumber(id: string): string {
  return id.slice(id.indexOf('x') + 1).trim();
}
