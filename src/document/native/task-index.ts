import type { Located, Range } from '../../core/diagnostic.ts';
import type { DiagnosticLog } from '../diagnostic-log.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { quoted } from '../../xml/problem.ts';

/** The name that an abort uses for the inbox; no task may have it. */
const INBOX = 'inbox';

/** The task ids of one workflow, and the aborts that name them. */
export class TaskIndex {
  readonly #log: DiagnosticLog;
  readonly #ids = new Map<string, Range>();
  readonly #aborts: { readonly to: Located<string>; readonly path: string }[] = [];
  #unnamedChoices = 0;

  constructor(log: DiagnosticLog) {
    this.#log = log;
  }

  /** The next id for a choice that has none of its own. */
  nextChoiceId(): string {
    this.#unnamedChoices += 1;
    return `choose-${this.#unnamedChoices}`;
  }

  /** Tells TASK_DUPLICATE and TASK_ID_RESERVED. */
  add(id: Located<string>, path: string): void {
    const first = this.#ids.get(id.value);
    if (id.value === INBOX) {
      this.#tell({ code: 'TASK_ID_RESERVED', message: '"inbox" is where failed runs wait for a person', id, path });
    } else if (first !== undefined) {
      const related = [{ message: 'the first one', file: this.#log.file, range: first }];
      this.#tell({ code: 'TASK_DUPLICATE', message: `another task is called "${id.value}"`, id, path, related });
    } else {
      this.#ids.set(id.value, id.range);
    }
  }

  addAbort(to: Located<string>, path: string): void {
    this.#aborts.push({ to, path });
  }

  /** Tells TASK_ABORT_UNKNOWN; to be called when all tasks have been added. */
  checkAborts(): void {
    for (const { to, path } of this.#aborts) {
      if (to.value === INBOX || this.#ids.has(to.value)) continue;
      const hint = this.#log.full ? undefined : didYouMean(to.value, [...this.#ids.keys(), INBOX]);
      this.#log.error({
        code: 'TASK_ABORT_UNKNOWN',
        message: `no task of this workflow is called ${quoted(to.value)}`,
        range: to.range,
        path,
        ...(hint === undefined ? {} : { hint }),
      });
    }
  }

  #tell(finding: {
    readonly code: string;
    readonly message: string;
    readonly id: Located<string>;
    readonly path: string;
    readonly related?: readonly { readonly message: string; readonly file: string; readonly range: Range }[];
  }): void {
    const { id, ...rest } = finding;
    this.#log.error({ ...rest, range: id.range });
  }
}
