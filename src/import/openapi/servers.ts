import { isJsonObject, type Json } from '../../core/json.ts';
import type { WantedValue } from '../description/described-api.ts';
import { keyOf, oneLine } from '../description/naming.ts';
import { scalarText } from '../scalar-text.ts';
import { textOf } from './shape.ts';

/** An address as a service has it, and the settings in it. */
export interface ServerAddress {
  /** A template. */
  readonly url: string;
  readonly wanted: readonly WantedValue[];
  /** Further addresses that were described. */
  readonly others: readonly string[];
}

/** The address that calls go to: the first that is described, its variables settings of the install. */
export function serverAddress(
  servers: Json | undefined,
  params: { readonly name: string; readonly url: string | undefined; readonly variables: ReadonlyMap<string, string> },
): ServerAddress {
  const { name, url, variables } = params;
  const known = Array.isArray(servers) ? (servers as readonly Json[]).filter(isJsonObject) : [];
  const others = known.slice(1).flatMap((one) => textOf(one['url']) ?? []);
  if (url !== undefined)
    return { url: url.replace(/\/+$/u, ''), wanted: [], others: known.flatMap((one) => textOf(one['url']) ?? []) };
  const [first] = known;
  const written = textOf(first?.['url'])?.trim() ?? '/';
  const definitions = isJsonObject(first?.['variables']) ? first['variables'] : {};
  const wanted: WantedValue[] = [];
  const filled = written.replaceAll(/\{([^{}]+)\}/gu, (_whole, variable: string) => {
    const given = variables.get(variable);
    if (given !== undefined) return given;
    const definition = isJsonObject(definitions[variable]) ? definitions[variable] : {};
    const setting = keyOf(`${name}_${variable}`);
    if (!wanted.some((one) => one.name === setting)) wanted.push(settingOf(setting, definition));
    return `{setting.${setting}}`;
  });
  if (/^(?:https?:|\{)/iu.test(filled)) return { url: filled.replace(/\/+$/u, ''), wanted, others };
  const setting = keyOf(`${name}_url`);
  const says = 'the address of the other side, which the description does not say';
  const path = filled.replace(/^\/*/u, '/').replace(/\/+$/u, '');
  return {
    url: `{setting.${setting}}${path}`,
    wanted: [...wanted, { kind: 'setting', name: setting, says, proposed: 'https://example.com' }],
    others,
  };
}

function settingOf(name: string, definition: Readonly<Record<string, Json>>): WantedValue {
  const choices = Array.isArray(definition['enum'])
    ? `one of ${(definition['enum'] as readonly Json[]).flatMap((one) => scalarText(one) ?? []).join(', ')}`
    : undefined;
  const says =
    oneLine([textOf(definition['description']), choices].filter((part) => part !== undefined).join('; ')) ??
    'a part of the address';
  const proposed = scalarText(definition['default']);
  return { kind: 'setting', name, says, proposed: proposed === '' ? undefined : proposed };
}
