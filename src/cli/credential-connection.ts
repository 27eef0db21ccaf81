import { setTimeout } from 'node:timers/promises';
import type { Administration, SignInProgress } from '../runtime/administration.ts';
import type { CommandRunner, GlobalOptions } from './command-runner.ts';
import { renderMoment } from './duration.ts';
import type { Shell } from './shell.ts';

export interface ConnectOptions extends GlobalOptions {
  readonly user?: string;
  /** Milliseconds; false: not at all. */
  readonly wait: number | false;
}

interface DisconnectOptions extends GlobalOptions {
  readonly user?: string;
}

const LOOK_EVERY_MS = 1_000;

/** Begins a sign-in, tells where it goes on, and waits for the end of it. */
export async function connect(name: string, options: ConnectOptions, runner: CommandRunner): Promise<void> {
  const { user, wait } = options;
  const { shell } = runner;
  await runner.withInstall(options, { create: false }, async (install) => {
    const entry = await install.credential({ name });
    const whose = user ?? (entry.shared ? undefined : await ownName(install, shell.operator));
    const started = await install.connectCredential({ name, user: whose, by: shell.operator });
    const invitation = [
      `open this address in a browser and sign in, until ${renderMoment(started.expiresAt)}; it is for one person only:`,
      `  ${started.url}`,
    ];
    if (wait === false) return runner.show(options, started, () => invitation);
    // To standard error, so that a JSON document on standard output stays one.
    if (options.json === true) shell.printError(invitation.join('\n'));
    else shell.print([...invitation, 'waiting; Ctrl+C ends the waiting, not the sign-in'].join('\n'));
    const { url: _, ...facts } = started;
    const progress = await untilOver(install, { name, id: started.id, waitMs: wait, shell });
    runner.show(options, { ...facts, ...progress }, () => [outcome(name, progress)]);
    if (progress.state !== 'connected') runner.fail();
  });
}

/** Who gives the command, where the install knows a user of that name. */
async function ownName(install: Administration, operator: string): Promise<string | undefined> {
  return (await install.users()).find(({ name, active }) => active && name === operator)?.name;
}

interface Waiting {
  readonly name: string;
  readonly id: string;
  readonly waitMs: number;
  readonly shell: Shell;
}

/** As it stands when it is over, or when nobody waits any longer. */
async function untilOver(install: Administration, { name, id, waitMs, shell }: Waiting): Promise<SignInProgress> {
  let told: string | undefined;
  for (let waitedMs = 0; ;) {
    const progress = await install.signIn({ name, id });
    const { state, problem } = progress;
    if (state === 'connected' || state === 'failed' || state === 'expired') return progress;
    if (problem !== undefined && problem !== told) shell.printError(`not yet: ${(told = problem)}`);
    if (waitedMs >= waitMs) return progress;
    const pauseMs = Math.min(LOOK_EVERY_MS, waitMs - waitedMs);
    await setTimeout(pauseMs);
    waitedMs += pauseMs;
  }
}

function outcome(name: string, { state, problem }: SignInProgress): string {
  const why = problem === undefined ? '' : `: ${problem}`;
  switch (state) {
    case 'connected':
      return `${name} is connected; runs that wait for it go on`;
    case 'failed':
      return `${name} is not connected${why}`;
    case 'expired':
      return `${name} is not connected: nobody came back in time${why}`;
    case 'interrupted':
      return `${name} is not connected: the server stopped in the middle; reload the page in the browser, or begin again`;
    default:
      return `${name} is not connected yet${why}; the sign-in goes on, and mapwright credential show ${name} tells how it ends`;
  }
}

/** Forgets a token. */
export async function disconnect(name: string, options: DisconnectOptions, runner: CommandRunner): Promise<void> {
  const { user } = options;
  const done = await runner.withInstall(options, { create: false }, (install) =>
    install.disconnectCredential({ name, user }),
  );
  runner.show(options, done, () => {
    if (!done.removed) return [`${name} was not connected`];
    return [`${name} is disconnected: the token is forgotten here`, ...told(done)];
  });
}

function told({ provider, problem }: Awaited<ReturnType<Administration['disconnectCredential']>>): string[] {
  switch (provider) {
    case 'revoked':
      return ['the provider was told, and took it back'];
    case 'failed':
      return [`the provider did not take it back: ${problem ?? ''}; do that in its own settings`];
    case 'not-offered':
      return ['the provider publishes no way to tell it; take it back in its own settings'];
    case 'not-asked':
      return [];
  }
}
