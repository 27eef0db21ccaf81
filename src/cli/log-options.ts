import { type Command, Option } from 'commander';
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from '../server/log/log-line.ts';
import type { Shell } from './shell.ts';

/** How a serving command logs, as it was said. */
export interface LogOptions {
  readonly log?: LogFormat;
  readonly logLevel?: LogLevel;
}

/** The options of commands that go on running and log what happens. */
export function addLogOptions(command: Command): void {
  command
    .addOption(
      new Option(
        '--log <format>',
        'lines for people, or one JSON object a line (when standard error is no terminal)',
      ).choices(LOG_FORMATS),
    )
    .addOption(
      new Option('--log-level <level>', 'how much: debug tells each step and call').choices(LOG_LEVELS).default('info'),
    );
}

/** What was asked for, or else what suits whoever reads. */
export function logSettings(
  { log, logLevel = 'info' }: LogOptions,
  { logsToPerson }: Pick<Shell, 'logsToPerson'>,
): { readonly logFormat: LogFormat; readonly logLevel: LogLevel } {
  return { logFormat: log ?? (logsToPerson ? 'text' : 'json'), logLevel };
}
