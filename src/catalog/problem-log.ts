import { type Diagnostic, sortDiagnostics } from '../core/diagnostic.ts';
import { DiagnosticLog } from '../document/diagnostic-log.ts';

/** The problems found while compiling: at most a hundred of each file are kept, all errors are counted. */
export class ProblemLog {
  readonly #files = new Map<string, DiagnosticLog>();
  #errors = 0;

  /** Errors so far, also of those that are not kept. */
  get errorCount(): number {
    return this.#errors;
  }

  /** True when a further problem of the file is only counted, so that no effort need go into it. */
  isFull(file: string): boolean {
    return this.#files.get(file)?.full ?? false;
  }

  add({ severity, file, ...finding }: Diagnostic): void {
    if (severity === 'error') this.#errors += 1;
    let log = this.#files.get(file);
    if (log === undefined) {
      log = new DiagnosticLog(file);
      this.#files.set(file, log);
    }
    log[severity](finding);
  }

  /** In the order in which people read them; DOCUMENT_TOO_MANY_PROBLEMS for each file of which some are left out. */
  diagnostics(): Diagnostic[] {
    return sortDiagnostics([...this.#files.values()].flatMap((log) => log.diagnostics()));
  }
}
