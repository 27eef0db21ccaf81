import { CannotConvert } from '../conversion.ts';
import { escapeBraces } from '../expression/text-piece.ts';
import type { MapConversion } from './map-conversion.ts';
import { cutReplaced, isPlainName, type ReplacedPart } from './replaced-text.ts';

/** Where a native map calls: a whole address, or one and the path behind it. */
export interface NativeAddress {
  readonly url: string;
  readonly path: string | undefined;
  /** Names of the fields that stand in the path. */
  readonly inPath: ReadonlySet<string>;
}

type AddressPart = ReplacedPart | { readonly kind: 'parameter'; readonly name: string };

/** The address of a coreBOS map. Throws CannotConvert where data stand in it in a way that native maps do not have. */
export function convertAddress(conversion: MapConversion): NativeAddress {
  const { call, parameters } = conversion.map;
  const text = call.url?.value ?? '';
  const names =
    call.wire === 'corebos-restful' ? parameters.filter((one) => one.in !== 'header').map(({ name }) => name) : [];
  const parts = cutReplaced(text).flatMap((part) => (part.kind === 'literal' ? cutNames(part.text, names) : [part]));
  if (parts.some((part) => part.kind !== 'literal' && !isPlainName(part.name))) {
    throw new CannotConvert('a placeholder cannot say every name in its wsurl');
  }
  const split = splitAddress(parts);
  const inPath = new Set(split.path.flatMap((part) => (part.kind === 'parameter' ? [part.name] : [])));
  noteChanges(conversion, parts);
  return { url: templateOf(split.url), path: split.path.length === 0 ? undefined : templateOf(split.path), inPath };
}

/** Every `$name`, of names that begin alike the longest. */
function cutNames(text: string, names: readonly string[]): AddressPart[] {
  if (names.length === 0) return [{ kind: 'literal', text }];
  const escaped = names.toSorted((a, b) => b.length - a.length).map(asPattern);
  return text.split(new RegExp(`\\$(${escaped.join('|')})`, 'u')).flatMap((piece, index): AddressPart[] => {
    if (index % 2 === 1) return [{ kind: 'parameter', name: piece }];
    return piece === '' ? [] : [{ kind: 'literal', text: piece }];
  });
}

function asPattern(name: string): string {
  return name.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);
}

/** Data may stand in the path only, which begins after the last slash before them. */
function splitAddress(parts: readonly AddressPart[]): {
  readonly url: readonly AddressPart[];
  readonly path: readonly AddressPart[];
} {
  const first = parts.findIndex((part) => part.kind === 'context' || part.kind === 'parameter');
  if (first === -1) return { url: parts, path: [] };
  const before = parts[first - 1];
  const literal = before?.kind === 'literal' ? before.text : '';
  const slash = literal.lastIndexOf('/');
  const isInHost =
    slash < 0 || /^[a-z][a-z0-9+.-]*:\/\/[^/]*$/iu.test(literal) || literal.slice(0, slash).includes('?');
  if (isInHost) throw new CannotConvert('data stand in its wsurl where a native map has its address');
  return {
    url: [...parts.slice(0, first - 1), { kind: 'literal', text: literal.slice(0, slash) }],
    path: [{ kind: 'literal', text: literal.slice(slash) }, ...parts.slice(first)],
  };
}

function templateOf(parts: readonly AddressPart[]): string {
  return parts
    .map((part) => {
      if (part.kind === 'literal') return escapeBraces(part.text);
      return part.kind === 'parameter' ? `{${part.name}}` : `{${part.kind}.${part.name}}`;
    })
    .join('');
}

function noteChanges(conversion: MapConversion, parts: readonly AddressPart[]): void {
  const { url } = conversion.map.call;
  const kinds = new Set(parts.map(({ kind }) => kind));
  if (kinds.has('setting')) {
    conversion.note(
      'changed',
      'address',
      'a setting that is not there fails the step; coreBOS calls an address without it',
      url,
    );
  }
  if (kinds.has('parameter') || kinds.has('context')) {
    const message =
      'values are percent-encoded where they stand, also / ? & and %, and an empty one in the path fails the step';
    conversion.note('changed', 'address', message, url);
  }
}
