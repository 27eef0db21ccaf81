import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { prepareInstall } from '../stage/prepared-install.ts';
import { CRASH_DOCUMENTS } from './crash-documents.ts';
import { judgeCrash, settledSteps } from './crash-judge.ts';
import { type CrashPeer, openCrashPeer } from './crash-peer.ts';

const CHILD = join(import.meta.dirname, 'crash-child.ts');
/** An order, and its change while the run of the order is on its way. */
const SAVES = ['{"no":"A1"}', '{"id":"60x1","no":"A2"}'];
const LONGEST_LIFE_MS = 60_000;

/** What one crash came to. */
export interface CrashReport {
  readonly place: number;
  /** `after journal.settle`; undefined when everything was done before the process got there. */
  readonly at: string | undefined;
  /** Nothing: every promise was kept. */
  readonly broken: readonly string[];
}

interface Life {
  readonly saved: readonly string[];
  /** What each place was, by number. */
  readonly places: readonly string[];
  readonly hasCrashed: boolean;
}

/** An install made ready once, of which each crash gets a copy. */
export class CrashStage {
  readonly #root: string;
  readonly #peer: CrashPeer;

  private constructor(root: string, peer: CrashPeer) {
    this.#root = root;
    this.#peer = peer;
  }

  static async open(): Promise<CrashStage> {
    const root = await mkdtemp(join(tmpdir(), 'mapwright-crash-points-'));
    const peer = await openCrashPeer();
    const settings = { shop: peer.url, 'egress.allow': '127.0.0.1:*' };
    await prepareInstall({ folder: join(root, 'ready'), documents: CRASH_DOCUMENTS, settings });
    return new CrashStage(root, peer);
  }

  /** The places that a life without a crash passes. */
  async places(): Promise<readonly string[]> {
    const folder = await this.#copy('whole');
    const { places } = await live(folder, undefined, SAVES);
    this.#peer.take();
    await rm(folder, { recursive: true });
    return places;
  }

  /** Lets the process die at the place, starts it again, and judges what came of it. */
  async crashAt(place: number): Promise<CrashReport> {
    const folder = await this.#copy(`place-${place}`);
    this.#peer.take();
    const first = await live(folder, place, SAVES);
    const before = this.#peer.take();
    const settled = settledSteps(folder);
    const next = await live(folder, undefined, []);
    const after = this.#peer.take();
    const { saved, hasCrashed } = first;
    const broken = [
      ...(next.hasCrashed ? ['the next process died too'] : []),
      ...judgeCrash({ folder, saved, settled, before, after, hasCrashed }),
    ];
    if (broken.length === 0) await rm(folder, { recursive: true });
    return { place, at: hasCrashed ? first.places[place] : undefined, broken };
  }

  async close(): Promise<void> {
    this.#peer.close();
    await rm(this.#root, { recursive: true });
  }

  async #copy(name: string): Promise<string> {
    const folder = join(this.#root, name);
    await cp(join(this.#root, 'ready'), folder, { recursive: true });
    return folder;
  }
}

async function live(folder: string, crashAt: number | undefined, saves: readonly string[]): Promise<Life> {
  const words = [CHILD, folder, crashAt === undefined ? 'never' : String(crashAt), ...saves];
  const env = { NODE_COMPILE_CACHE: join(tmpdir(), 'mapwright-crash-points-cache'), ...process.env };
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const tooLong = setTimeout(() => child.kill('SIGKILL'), LONGEST_LIFE_MS);
  const [output, errors, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  clearTimeout(tooLong);
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`a process ended with ${signal ?? code}: ${errors}`);
  const lines = output.split('\n');
  return {
    saved: lines.flatMap((line) => /^saved (.+)$/u.exec(line)?.[1] ?? []),
    places: lines.flatMap((line) => /^at \d+ (.+)$/u.exec(line)?.[1] ?? []),
    hasCrashed: signal === 'SIGKILL',
  };
}
