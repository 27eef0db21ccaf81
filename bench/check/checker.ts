import { checkDocuments } from '../../src/runtime/check.ts';
import { compileCatalog } from '../../src/catalog/catalog.ts';
import type { Document } from '../../src/document/document.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import { type GeneratedFile, generateDocuments } from './generated-documents.ts';

/** Mapwright's reader and compiler, on generated documents. */
export function createChecker() {
  let files: readonly GeneratedFile[] = [];
  let documents: readonly Document[] = [];
  return {
    /** Gives how many documents there are. */
    async open({ count }: { readonly count: number }): Promise<number> {
      files = await generateDocuments(count);
      documents = files.flatMap((file) => readDocuments(file).documents);
      return files.length;
    },
    /** Milliseconds to read and check all of them, as the command `check` does. */
    check(): number {
      const startedAt = performance.now();
      const { diagnostics, counts } = checkDocuments(files);
      const ms = performance.now() - startedAt;
      const error = diagnostics.find(({ severity }) => severity === 'error');
      if (error !== undefined) throw new Error(`${error.file}: ${error.code} ${error.message}`);
      const read = Object.values(counts).reduce((sum, each) => sum + each, 0);
      if (read !== files.length) throw new Error(`${read} of ${files.length} documents were read`);
      return ms;
    },
    /** Milliseconds to resolve and compile what has been read. */
    compile(): number {
      const startedAt = performance.now();
      const { catalog } = compileCatalog(documents, 1);
      const ms = performance.now() - startedAt;
      if (catalog.workflows.size === 0) throw new Error('nothing was compiled');
      return ms;
    },
  };
}
