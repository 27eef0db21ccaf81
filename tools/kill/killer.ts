import { setTimeout as pause } from 'node:timers/promises';
import { type StartedServer, untilReady } from '../stage/server-process.ts';

const STARTUP_KILL_SHARE = 0.15;
const STARTUP_MS = 500;
const LONGEST_LIFE_MS = 700;

/** How often it was killed, and when. */
export interface KillFacts {
  kills: number;
  /** Kills before the process answered calls. */
  atStartup: number;
}

/**
 * Kills the server at random moments, `kills` times, starting it again at once; the last one is left running.
 * Rejects when a server does not come back, or `giveUpAt` (milliseconds since the epoch) has passed.
 */
export async function killRepeatedly(params: {
  readonly server: StartedServer;
  /** How it is started again. */
  readonly start: () => StartedServer;
  readonly kills: number;
  readonly random: () => number;
  readonly giveUpAt: number;
  /** Told of every server started, which the caller has to end. */
  readonly onStart: (server: StartedServer) => void;
  readonly onKill: (facts: KillFacts) => void;
}): Promise<void> {
  const { kills, random, giveUpAt } = params;
  const facts: KillFacts = { kills: 0, atStartup: 0 };
  let server = params.server;
  await pause(random() * LONGEST_LIFE_MS);
  while (facts.kills < kills) {
    if (Date.now() > giveUpAt) throw new Error(`only ${facts.kills} of ${kills} kills were possible in the time given`);
    await server.kill();
    facts.kills++;
    params.onKill(facts);
    const next = params.start();
    server = next;
    params.onStart(next);
    if (facts.kills < kills && random() < STARTUP_KILL_SHARE) {
      facts.atStartup++;
      await pause(random() * STARTUP_MS);
      continue;
    }
    await untilReady(next);
    await pause(random() * LONGEST_LIFE_MS);
  }
}
