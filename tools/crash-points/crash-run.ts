import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasErrors } from '../../src/core/diagnostic.ts';
import { messageOf } from '../../src/core/error.ts';
import { openInstall } from '../../src/runtime/install.ts';
import { clockOfMaking } from './crash-clock.ts';
import type { CrashDatabase, InstallPlace } from './crash-database.ts';
import { type CrashEvidence, type Tables, readTables } from './crash-evidence.ts';
import { imageOf } from './crash-image.ts';
import { type Reference, judgeCrash } from './crash-judge.ts';
import { live } from './crash-life.ts';
import { type CrashPeer, openCrashPeer } from './crash-peer.ts';
import { type CrashPlaces, firstLife } from './first-life.ts';
import { byClock } from './life-clock.ts';
import type { Store } from '../../src/store/store.ts';
import type { CrashScenario } from './scenario.ts';

/** What one crash came to. */
export interface CrashReport {
  /** `after journal.settle`; undefined when everything was done before the process got there. */
  readonly at: string | undefined;
  /** Nothing: every promise was kept. */
  readonly broken: readonly string[];
}

/** How an install goes when nobody dies, and the places on the way. */
export interface CalmLife extends Reference {
  /** Before and after each write that is asked of the store, in order. */
  readonly places: readonly string[];
  readonly evidence: CrashEvidence;
}

/** Where an install dies: at a write that is asked of the store, or at a commit of the driver. */
export type CrashLevel = 'store' | 'commit';

/** Installs made ready once for each scenario, of which each crash gets a copy; all on one database. */
export class CrashStage {
  readonly #root: string;
  readonly #peer: CrashPeer;
  readonly #database: CrashDatabase;
  readonly #ready = new Map<string, Promise<InstallPlace>>();
  #copies = 0;

  private constructor(root: string, peer: CrashPeer, database: CrashDatabase) {
    this.#root = root;
    this.#peer = peer;
    this.#database = database;
  }

  /** The database stays open when the stage is closed. */
  static async open(database: CrashDatabase): Promise<CrashStage> {
    const root = await mkdtemp(join(tmpdir(), 'mapwright-crash-points-'));
    return new CrashStage(root, await openCrashPeer(), database);
  }

  /** A life without a crash, in this process. Rejects when it breaks a promise of itself. */
  async calm(scenario: CrashScenario): Promise<CalmLife> {
    const { evidence, places } = await this.#whole(scenario);
    const reference = { image: imageOf(evidence.atEnd, scenario.differs ?? []), calls: evidence.before };
    const broken = judgeCrash({ scenario, evidence, reference });
    if (broken.length > 0) throw new Error(`${scenario.name}, without a crash: ${broken.join('; ')}`);
    return { ...reference, places, evidence };
  }

  /** A life without a crash on a store that does not what it should; gives the promises that are seen to be broken. */
  async sabotaged(
    scenario: CrashScenario,
    reference: Reference,
    sabotage: (store: Store) => Store,
  ): Promise<readonly string[]> {
    const { evidence } = await this.#whole(scenario, sabotage);
    return judgeCrash({ scenario, evidence, reference });
  }

  /** The commits that a life without a crash makes, in order. */
  async commits(scenario: CrashScenario): Promise<readonly string[]> {
    const place = await this.#copyOf(scenario);
    this.#peer.reset();
    const { places } = await this.#die(scenario, place, { level: 'commit', at: undefined });
    await this.#database.remove(place);
    return places;
  }

  /**
   * Lets the process die at the place, lets another one go on, and judges what came of it. With `standsBy` that one is
   * there already, as a second node is. An install that broke a promise is kept, and where is told.
   */
  async crashAt(
    scenario: CrashScenario,
    reference: Reference,
    where: { readonly level: CrashLevel; readonly at: number; readonly standsBy?: boolean },
  ): Promise<CrashReport> {
    const place = await this.#copyOf(scenario);
    this.#peer.reset();
    const standing = where.standsBy === true ? this.#standBy(scenario, place) : undefined;
    const first = await this.#die(scenario, place, where);
    const before = this.#peer.take();
    const { tables: atCrash } = await this.#look(place);
    const { answered } = first;
    const next = await (standing?.begin(answered) ??
      this.#live(scenario, place, { life: 1, answered, onPlace: () => undefined }));
    const after = this.#peer.take();
    const { tables: atEnd, damage } = await this.#look(place);
    const { hasCrashed } = first;
    const evidence: CrashEvidence = {
      answered: [...answered, ...next.answered],
      before,
      after,
      hasCrashed,
      atCrash,
      atEnd,
      damage,
      faults: [...first.faults, ...next.faults],
    };
    const broken = judgeCrash({ scenario, evidence, reference });
    if (broken.length === 0) await this.#database.remove(place);
    return { at: hasCrashed ? first.places.at(-1) : undefined, broken };
  }

  async close(): Promise<void> {
    this.#peer.close();
    await rm(this.#root, { recursive: true, force: true });
  }

  async #whole(
    scenario: CrashScenario,
    sabotage?: (store: Store) => Store,
  ): Promise<Pick<CalmLife, 'evidence' | 'places'>> {
    const place = await this.#copyOf(scenario);
    this.#peer.reset();
    const places: string[] = [];
    const onPlace = (at: string): void => void places.push(at);
    const { answered, faults } = await this.#live(scenario, place, { life: 0, answered: [], onPlace, sabotage });
    const before = this.#peer.take();
    const { tables: atEnd, damage } = await this.#look(place);
    await this.#database.remove(place);
    const evidence = { answered, before, after: [], hasCrashed: false, atCrash: atEnd, atEnd, damage, faults };
    return { evidence, places };
  }

  async #live(
    scenario: CrashScenario,
    { folder, database }: InstallPlace,
    given: Pick<Parameters<typeof live>[0], 'life' | 'answered' | 'onPlace' | 'begin' | 'sabotage'>,
  ): Promise<{ readonly answered: readonly string[]; readonly faults: readonly string[] }> {
    const answered: string[] = [];
    const faults: string[] = [];
    const peer = this.#peer.url;
    await live({
      ...given,
      scenario,
      folder,
      database,
      peer,
      onAnswer: (act) => void answered.push(act),
      onFault: (fault) => void faults.push(fault),
    }).catch((thrown: unknown) => faults.push(`it ended: ${messageOf(thrown)}`));
    return { answered, faults };
  }

  /** A process that has opened the install and works on nothing until the other one has died. */
  #standBy(scenario: CrashScenario, place: InstallPlace) {
    const died = Promise.withResolvers<void>();
    const answered: string[] = [];
    const lived = this.#live(scenario, place, { life: 1, answered, onPlace: () => undefined, begin: died.promise });
    return {
      begin(before: readonly string[]) {
        answered.push(...before);
        died.resolve();
        return lived;
      },
    };
  }

  async #die(
    { name }: CrashScenario,
    { folder, database = '' }: InstallPlace,
    { level, at }: { readonly level: CrashLevel; readonly at: number | undefined },
  ): Promise<CrashPlaces> {
    return firstLife([name, folder, database, this.#peer.url, level, at === undefined ? 'never' : String(at)]);
  }

  async #look(place: InstallPlace): Promise<{ readonly tables: Tables; readonly damage: readonly string[] }> {
    const ledger = await this.#database.open(place);
    try {
      return { tables: await readTables(ledger), damage: await ledger.damage() };
    } finally {
      await ledger.close();
    }
  }

  async #copyOf(scenario: CrashScenario): Promise<InstallPlace> {
    const ready = this.#ready.get(scenario.name) ?? this.#prepare(scenario);
    this.#ready.set(scenario.name, ready);
    return this.#database.copy(await ready, join(this.#root, `${scenario.name}-${++this.#copies}`));
  }

  async #prepare(scenario: CrashScenario): Promise<InstallPlace> {
    this.#peer.reset();
    const place = await this.#database.make(join(this.#root, scenario.name));
    const { folder, database } = place;
    const clock = clockOfMaking();
    const install = await byClock(clock, () => openInstall({ folder, database, clock, env: {} }));
    const { url, mailUrl } = this.#peer;
    const sides = { shop: url, smtp_url: mailUrl, smtp_from: 'crm@example.com', 'egress.allow': '127.0.0.1:*' };
    try {
      const { administration } = install;
      for (const [name, value] of Object.entries({ ...sides, ...scenario.settings })) {
        await administration.setSetting({ name, value });
      }
      const { documents } = scenario;
      const { diagnostics } = await administration.apply({ documents, prune: false, dryRun: false, by: 'stage' });
      if (hasErrors(diagnostics)) throw new Error(`${scenario.name}: ${JSON.stringify(diagnostics)}`);
      await scenario.prepare?.(install);
    } finally {
      await install.close();
    }
    return place;
  }
}
