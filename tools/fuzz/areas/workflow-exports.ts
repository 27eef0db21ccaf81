import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../../src/core/json.ts';
import { importExport, type WorkflowImport } from '../../../src/runtime/workflow-import.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { shippedDocuments } from '../generate/corpus.ts';
import { hostileText } from '../generate/hostile-text.ts';
import { workflowExport } from '../generate/workflow-export.ts';
import { checkRefusal } from './told-problem.ts';

const CODES = /^IMPORT_[A-Z_]+$/u;
/** Names may be unknown here; what is written must be a document all the same. */
const UNWRITTEN = /^(?:XML|DOCUMENT|NAMESPACE)_[A-Z_]+$/u;
const MAP_NAMES = new Map([
  ['43', 'product-create'],
  ['7', 'Two Words & More'],
]);
/** Exports imported a second time, which must give the same. */
const REPEATED_ONE_IN = 6;
const AT_HAND = /^(?:products|peer-login|peer-logout|product-create)/iu;
const ANYTHING: readonly Json[] = [
  null,
  1,
  'x',
  '',
  [],
  {},
  [[]],
  { workflows: [1] },
  { result: [{ type: 'header' }] },
];

/** Exports of workflows: documents that can be read and a report of each workflow, or one error. */
export const AREA: Area = {
  name: 'workflow-exports',
  limitMs: 1000,
  generate: (random): Json => {
    if (random.oneIn(20)) return random.oneIn(2) ? hostileText(random) : random.pick(ANYTHING);
    return workflowExport(random);
  },
  open: () => Promise.resolve(new ExportTarget()),
};

class ExportTarget implements Target {
  readonly #documents = shippedDocuments('product-sync').filter(({ file }) => AT_HAND.test(file));

  judge(input: Json): Promise<Verdict> {
    try {
      const imported = this.#import(input);
      checkImport(imported);
      if (JSON.stringify(input).length % REPEATED_ONE_IN === 0) {
        promise(isDeepStrictEqual(this.#import(input), imported), () => 'imported twice, differently');
      }
      return Promise.resolve('accepted');
    } catch (thrown) {
      return Promise.resolve(checkRefusal(thrown, CODES));
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #import(exported: Json): WorkflowImport {
    const fileOf = (path: string): string => `workflows/${path}`;
    return importExport({ exported, documents: this.#documents, mapNames: MAP_NAMES, fileOf });
  }
}

function checkImport({ files, workflows, diagnostics }: WorkflowImport): void {
  const paths = files.map(({ path }) => path);
  promise(new Set(paths).size === paths.length, () => `files of the same name: ${paths.join(' ')}`);
  for (const path of paths) promise(/^[\w.-]+\.xml$/u.test(path), () => `a file called ${path}`);
  for (const { code, severity, message, file } of diagnostics) {
    const isBroken = severity === 'error' && UNWRITTEN.test(code);
    promise(
      !isBroken,
      () =>
        `${file}: ${code} ${message}: ${files
          .map(({ text }) => text)
          .join('\n')
          .slice(0, 3000)}`,
    );
  }
  for (const { files: own, tasks, notes } of workflows) {
    for (const path of own) promise(paths.includes(path), () => `the report names ${path}, which is not there`);
    const told = [...notes, ...tasks.flatMap((task) => task.notes)];
    promise(!told.includes(''), () => 'a note that says nothing');
  }
}
