import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type ServedInstall, serveInstall } from '../../../src/cli/serve-install.ts';
import { hasErrors } from '../../../src/core/diagnostic.ts';
import { isFinal, type Run } from '../../../src/core/run.ts';
import type { SourceFile } from '../../../src/runtime/administration.ts';
import { MailServer } from '../../connector/mail-server.ts';
import { keepSpans, type KeptSpan } from '../observed/kept-spans.ts';
import { until } from '../poll.ts';

/** What an install is opened with. */
interface CanaryInstallParams {
  readonly documents: readonly SourceFile[];
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** `postgres://...`; undefined: in its folder. */
  readonly database: string | undefined;
}

/** A served install that keeps what it says in every way, with folders of its own for its data and for temporary files. */
export class CanaryInstall {
  readonly served: ServedInstall;
  readonly folder: string;
  /** What the process has as its folder for temporary files. */
  readonly temporary: string;
  readonly lines: readonly string[];
  readonly spans: readonly KeptSpan[];
  readonly events: unknown[] = [];
  readonly mail: MailServer;
  #stopped: Promise<void> | undefined;

  private constructor(parts: {
    readonly served: ServedInstall;
    readonly folder: string;
    readonly temporary: string;
    readonly lines: readonly string[];
    readonly spans: readonly KeptSpan[];
    readonly mail: MailServer;
  }) {
    this.served = parts.served;
    this.folder = parts.folder;
    this.temporary = parts.temporary;
    this.lines = parts.lines;
    this.spans = parts.spans;
    this.mail = parts.mail;
    const { events } = parts.served.install;
    const kinds = [
      'run-accepted',
      'run-started',
      'call-ended',
      'step-ended',
      'run-waiting',
      'run-ended',
      'fault',
    ] as const;
    for (const kind of kinds) events.on(kind, (event) => void this.events.push(event));
  }

  static async open(t: TestContext, params: CanaryInstallParams): Promise<CanaryInstall> {
    const place = mkdtempSync(join(tmpdir(), 'mapwright-canary-'));
    const [folder, temporary] = [join(place, 'install'), join(place, 'temporary')];
    mkdirSync(temporary);
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = temporary;
    const kept = keepSpans();
    const lines: string[] = [];
    const served = await serveInstall({
      folder,
      database: params.database,
      host: '127.0.0.1',
      port: 0,
      log: (line) => void lines.push(line),
      logFormat: 'json',
      logLevel: 'debug',
    });
    const mail = await MailServer.open(t);
    const install = new CanaryInstall({ served, folder, temporary, lines, spans: kept.spans, mail });
    t.after(async () => {
      await install.stop();
      kept.stop();
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      rmSync(place, { recursive: true, force: true });
    });
    await install.#prepare(params);
    return install;
  }

  async #prepare({ documents, settings, secrets }: CanaryInstallParams): Promise<void> {
    const { administration } = this.served.install;
    const mail = { smtp_url: this.mail.url, smtp_from: 'CRM <crm@example.com>' };
    for (const [name, value] of Object.entries({ ...mail, ...settings, 'egress.allow': '127.0.0.1:*' })) {
      await administration.setSetting({ name, value });
    }
    for (const [name, value] of Object.entries(secrets)) await administration.setSecret({ name, value, by: 'test' });
    await administration.addUser({ name: 'anna', admin: true, email: 'anna@example.com' });
    const { diagnostics } = await administration.apply({ documents, prune: true, dryRun: false, by: 'test' });
    assert.equal(hasErrors(diagnostics), false, JSON.stringify(diagnostics, undefined, 1));
  }

  /** A note of each of these names, and the runs that they start once nothing more happens to them. */
  async notes(names: readonly string[]): Promise<readonly Run[]> {
    const { administration, crm } = this.served.install;
    const earlier = (await administration.runs({ limit: 200 })).length;
    await Promise.all(names.map((name) => crm.create({ actor: { user: '19x1' }, module: 'Notes', element: { name } })));
    return until(`${names.length} runs come to rest`, async () => {
      const runs = await administration.runs({ limit: 200 });
      const isAtRest = ({ status, wait }: Run): boolean => isFinal(status) || wait?.for === 'person';
      return runs.length === earlier + names.length && runs.every(isAtRest) ? runs : undefined;
    });
  }

  stop(): Promise<void> {
    return (this.#stopped ??= this.served.stop());
  }
}
