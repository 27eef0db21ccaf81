import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import { hasErrors } from '../core/diagnostic.ts';
import { MapwrightError } from '../core/error.ts';
import type { Administration, ApplyReport, SourceFile } from '../runtime/administration.ts';
import type { Shell } from './shell.ts';
import { documentsBelow, gatherSources } from './source-files.ts';

/** What one look at the folder came to. */
export type WatchEvent =
  | {
      readonly kind: 'applied';
      readonly report: ApplyReport;
      readonly sources: readonly SourceFile[];
      /** In force and in no file, because nothing is removed without `prune`: `map order-send`. */
      readonly leftOver: readonly string[];
    }
  /** Files whose bytes are no text: nothing was applied. */
  | {
      readonly kind: 'unreadable';
      readonly diagnostics: readonly Diagnostic[];
      readonly sources: readonly SourceFile[];
    }
  | { readonly kind: 'failed'; readonly error: unknown };

interface WatchParams {
  readonly folder: string;
  readonly prune: boolean;
  readonly administration: Pick<Administration, 'apply' | 'plan'>;
  readonly shell: Shell;
  readonly onEvent: (event: WatchEvent) => void;
}

/** A folder that is being watched. */
export interface DocumentWatch {
  /** Ends once a round that is under way has ended. */
  stop(): Promise<void>;
}

/** An editor writes a file in several steps, and several files at once: it is waited until nothing has moved for so long. */
const QUIET_MS = 120;
/** What the system's notices miss (folders made this moment, network drives, limits reached) is seen by looking. */
const LOOK_MS = 1500;

/**
 * Applies the documents of a folder now, and again whenever one is written, made, renamed or deleted. Never rejects after
 * the first look and never ends by itself: what goes wrong is told, and tried again at the next change.
 */
export async function watchDocuments(params: WatchParams): Promise<DocumentWatch> {
  const watched = new WatchedFolder(params);
  await watched.round();
  return watched.start();
}

class WatchedFolder {
  readonly #params: WatchParams;
  #running: Promise<void> = Promise.resolve();
  /** The texts that were applied, or tried, last. */
  #seen = '';
  #files = '';
  /** Paths, sizes and times as they were at the last look. */
  #listing = '';

  constructor(params: WatchParams) {
    this.#params = params;
  }

  start(): DocumentWatch {
    let quiet: NodeJS.Timeout | undefined;
    const soon = (): void => {
      clearTimeout(quiet);
      quiet = setTimeout(() => void this.round(), QUIET_MS);
    };
    const watcher = this.#notices(soon);
    const looks = setInterval(() => void this.#look(soon), LOOK_MS);
    return {
      stop: async () => {
        clearTimeout(quiet);
        clearInterval(looks);
        watcher?.close();
        await this.#running;
      },
    };
  }

  /** One look at the folder; rounds go one after another. */
  round(): Promise<void> {
    this.#running = this.#running.then(() => this.#apply()).catch((error: unknown) => this.#fail(error));
    return this.#running;
  }

  #notices(soon: () => void): FSWatcher | undefined {
    const { folder, shell } = this.#params;
    try {
      const watcher = watch(resolve(shell.workingFolder, folder), { recursive: true }, soon);
      return watcher.on('error', () => watcher.close());
    } catch {
      return undefined;
    }
  }

  async #look(soon: () => void): Promise<void> {
    const listing = await this.#list().catch(() => '');
    if (listing === this.#listing) return;
    this.#listing = listing;
    soon();
  }

  async #list(): Promise<string> {
    const { folder, shell } = this.#params;
    const lines: string[] = [];
    for (const file of await documentsBelow(folder, shell.workingFolder)) {
      const { size, mtimeMs, ino } = await stat(resolve(shell.workingFolder, file));
      lines.push(`${file} ${size} ${mtimeMs} ${ino}`);
    }
    return lines.join('\n');
  }

  async #apply(): Promise<void> {
    const { folder, shell, administration, prune, onEvent } = this.#params;
    this.#listing = await this.#list();
    const { sources, diagnostics } = await gatherSources([folder], shell);
    const seen = JSON.stringify([sources, diagnostics]);
    if (seen === this.#seen) return;
    this.#seen = seen;
    if (hasErrors(diagnostics)) return onEvent({ kind: 'unreadable', diagnostics, sources });
    const report = await administration.apply({ documents: sources, prune, dryRun: false, by: shell.operator });
    const files = sources.map(({ file }) => file).join('\n');
    const leftOver =
      prune || files === this.#files || hasErrors(report.diagnostics) ? [] : await this.#leftOver(sources);
    this.#files = files;
    onEvent({ kind: 'applied', report, sources, leftOver });
  }

  async #leftOver(sources: readonly SourceFile[]): Promise<string[]> {
    const { changes } = await this.#params.administration.plan({ documents: sources, prune: true });
    return changes.flatMap(({ kind, name, change }) => (change === 'removed' ? [`${kind} ${name}`] : []));
  }

  /** Told once: the same trouble at the next look is no news. */
  #fail(error: unknown): void {
    this.#listing = '';
    const told = error instanceof MapwrightError ? `${error.code} ${error.message}` : String(error);
    if (told === this.#seen) return;
    // Whatever is seen next is new, so that what failed is tried again.
    this.#seen = told;
    this.#files = '';
    this.#params.onEvent({ kind: 'failed', error });
  }
}
