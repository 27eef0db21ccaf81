import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderReport } from './demo/report.ts';
import { type Stage, forgetFolders, noteFolders, setStage } from './demo/stage.ts';
import { play } from './demo/story.ts';

export interface DemoOptions {
  /** Leave both installs running until a signal comes. */
  readonly keep: boolean;
  /** With the five published maps instead of the native ones. */
  readonly published: boolean;
  readonly json: boolean;
  readonly print: (text: string) => void;
  readonly untilSignal: () => Promise<string>;
}

/** Plays the demo in a temporary folder and prints what it found; true when all is as it must be. */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-demo-'));
  let stage: Stage | undefined;
  try {
    stage = await setStage({ folder, published: options.published });
    const facts = await play(stage, options.published);
    const isFine = facts.failures.length === 0;
    options.print(options.json ? JSON.stringify({ ...facts, ok: isFine }, undefined, 2) : renderReport(facts));
    if (options.keep) await keep(stage, options);
    return isFine;
  } finally {
    await stage?.a.stop();
    await stage?.b.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function keep(stage: Stage, options: DemoOptions): Promise<void> {
  await noteFolders(stage);
  if (!options.json) {
    options.print(`
Both run now   A ${stage.a.url}   user admin, access key ${stage.keys.a}
               B ${stage.b.url}   user admin, access key ${stage.keys.b}
Look at them   npx mapwright runs list --at A       in another terminal
Ctrl+C ends both and removes their folders`);
  }
  await options.untilSignal();
  await forgetFolders();
}
