import type { Json, JsonObject } from '../../core/json.ts';
import type { Sealer } from '../../core/secret-store.ts';
import { openedValue, sealedValue } from '../stored-context.ts';
import type { RunCommand } from './run-command.ts';

const DOTS = '••••';

/**
 * A command for many runs as it is stored until it is carried out. The values that it gives are sealed, all of them: which
 * of them are not to be shown is told by the workflow of each run, and that is read only then.
 */
export function sealedCommand(sealer: Sealer, command: RunCommand): JsonObject {
  const sealed = withValues(command, (value) => sealedValue(sealer, value));
  return JSON.parse(JSON.stringify(sealed)) as JsonObject;
}

/** The command that was stored so. Throws SECRET_UNREADABLE under another key. */
export function openedCommand(sealer: Sealer, stored: JsonObject): RunCommand {
  // Only `sealedCommand` makes what is stored.
  return withValues(stored as unknown as RunCommand, (value) => openedValue(sealer, value).value);
}

/** A stored command for people: the values as dots. */
export function shownCommand(stored: JsonObject): JsonObject {
  const shown = withValues(stored as unknown as RunCommand, () => DOTS);
  return JSON.parse(JSON.stringify(shown)) as JsonObject;
}

function withValues(command: RunCommand, change: (value: Json) => Json): RunCommand {
  if (command.kind === 'done') {
    return command.outputs === undefined ? command : { ...command, outputs: changed(command.outputs, change) };
  }
  if (!('context' in command) || command.context?.set === undefined) return command;
  return { ...command, context: { ...command.context, set: changed(command.context.set, change) } };
}

function changed(values: Readonly<Record<string, Json>>, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
