import type { SourceText } from '../core/diagnostic.ts';
import { fileBeside, isFileBeside, type SoapDescription } from '../core/soap-description.ts';
import { didYouMean } from '../core/suggestion.ts';
import { describedFiles } from '../document/described-files.ts';
import type { Document } from '../document/document.ts';
import type { WsdlDocument } from '../document/wsdl.ts';
import { type CompileContext, report } from './compile-context.ts';

/** A stored description with the operations it declares. */
export interface CompiledDescription extends SoapDescription {
  readonly operations: ReadonlySet<string>;
}

/** The WSDLs of one set of documents, each put together once with what it imports. */
export class Descriptions {
  readonly #documents: ReadonlyMap<string, WsdlDocument>;
  readonly #compiled = new Map<string, CompiledDescription>();

  constructor(documents: readonly WsdlDocument[]) {
    this.#documents = new Map(documents.map((one) => [one.name, one]));
  }

  /**
   * The description that `wsdl="..."` of a document names as a file beside it; undefined for an address. Reports
   * WSDL_FILE_MISSING.
   */
  at(context: CompileContext, file: string, wsdl: SourceText | undefined): CompiledDescription | undefined {
    if (wsdl === undefined || !isFileBeside(wsdl.value)) return undefined;
    const name = fileBeside(file, wsdl.value) ?? wsdl.value;
    if (this.#documents.has(name)) {
      context.uses?.note({ kind: 'wsdl', name, file, offset: wsdl.range.start.offset });
      return this.#compiled.get(name) ?? this.#compile(context, name);
    }
    const path = `/${wsdl.value.replace(/^(?:\.\.?\/)+/u, '')}`;
    const others = [...this.#documents.keys()];
    report(context, {
      code: 'WSDL_FILE_MISSING',
      message: `there is no file "${name.slice(0, 200)}"`,
      hint:
        didYouMean(name, others) ??
        `give the WSDL together with the document that names it; one that the service shows is wsdl="${path.slice(0, 200)}"`,
      file,
      range: wsdl.range,
    });
    return undefined;
  }

  #compile(context: CompileContext, main: string): CompiledDescription {
    const texts = new Map<string, string>();
    const operations = new Set<string>();
    const waiting = [main];
    // Grows while it is gone through.
    for (const name of waiting) {
      const document = this.#documents.get(name);
      if (document === undefined || texts.has(name)) continue;
      texts.set(name, document.text);
      for (const operation of document.operations) operations.add(operation);
      waiting.push(...this.#importsOf(context, document));
    }
    const compiled = { file: main, texts, operations };
    this.#compiled.set(main, compiled);
    return compiled;
  }

  #importsOf(context: CompileContext, document: WsdlDocument): string[] {
    return document.imports.flatMap(({ value, range }) => {
      const name = fileBeside(document.file, value);
      if (name !== undefined && this.#documents.has(name)) {
        context.uses?.note({ kind: 'wsdl', name, file: document.file, offset: range.start.offset });
        return [name];
      }
      report(context, {
        code: 'WSDL_FILE_MISSING',
        message:
          name === undefined
            ? `it imports "${value.slice(0, 200)}", which is no file of the ending .wsdl, .xsd or .xml`
            : `it imports "${value.slice(0, 200)}", and there is no file "${name.slice(0, 200)}"`,
        hint: 'save what it imports beside it, and let location or schemaLocation name that file',
        file: document.file,
        range,
      });
      return [];
    });
  }
}

/** Reports descriptions that no document names: no install stores them. */
export function checkUnused(context: CompileContext, documents: readonly Document[]): void {
  const described = documents.filter(({ kind }) => kind === 'wsdl');
  const { used } = describedFiles(described.length === 0 ? [] : documents);
  for (const { name, file, nameAt } of described) {
    if (used.has(name)) continue;
    report(context, {
      severity: 'warning',
      code: 'WSDL_UNUSED',
      message: `no map or service names "${name.slice(0, 200)}": it is not stored`,
      hint: 'write wsdl="..." relative to the document, and give both together',
      file,
      range: nameAt.range,
    });
  }
}

/** A WSDL's address is whole, or follows the service's. */
export function wsdlTemplateKind(wsdl: SourceText | undefined): 'origin' | 'path' {
  return /^(?:https?:|\{setting\.)/iu.test(wsdl?.value ?? '') ? 'origin' : 'path';
}

/** Reports an operation that a stored description does not have. */
export function checkOperation(
  context: CompileContext,
  file: string,
  operation: SourceText | undefined,
  description: CompiledDescription | undefined,
): void {
  if (operation === undefined || description === undefined || operation.value.includes('{')) return;
  const names = [...description.operations];
  const wanted = operation.value.toLowerCase();
  if (names.some((name) => name.toLowerCase() === wanted)) return;
  report(context, {
    code: 'SOAP_OPERATION_UNKNOWN',
    message: `${description.file} has no operation "${operation.value.slice(0, 100)}"`,
    hint: didYouMean(operation.value, names) ?? `it has ${names.slice(0, 12).join(', ') || 'none'}`,
    file,
    range: operation.range,
  });
}
