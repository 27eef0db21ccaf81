import type { Range } from '../core/diagnostic.ts';
import type { DocumentHead } from './common.ts';

/** Kinds of documents that a pack brings. Tests of maps travel with it and are stored nowhere. */
export const PACKED_KINDS = [
  'module',
  'service',
  'credential',
  'map',
  'workflow',
  'rule',
  'mapping',
  'record-set',
  'information-map',
] as const;

export type PackedKind = (typeof PACKED_KINDS)[number];

/** `1`, `1.2`, `1.2.3` and `1.2.3-beta.1`. */
export const PACK_VERSION = /^[0-9]{1,6}(?:\.[0-9]{1,6}){0,2}(?:-[A-Za-z0-9.-]{1,40})?$/u;

/** Documents that belong together, what they want of an install, and how they were tested. */
export interface PackDocument extends DocumentHead {
  readonly kind: 'pack';
  /** `1`, `1.2` or `1.2.3`, with `-beta.1` or the like behind it. */
  readonly version: string;
  readonly licence: string | undefined;
  /** All that it brings, itself aside. */
  readonly documents: readonly PackEntry[];
  readonly settings: readonly PackSetting[];
  readonly secrets: readonly PackWish[];
  readonly tested: string | undefined;
  /** The pictures that `logo` attributes of its documents name. */
  readonly pictures: readonly PackPicture[];
}

export interface PackEntry {
  readonly kind: PackedKind;
  readonly name: string;
  /** Of the text that the import put into force, in hex: what differs was changed since. Undefined before an import. */
  readonly sha256: string | undefined;
  readonly range: Range;
}

/** A name that the install must, or may, give a value. */
export interface PackWish {
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
  readonly range: Range;
}

export interface PackSetting extends PackWish {
  /** What fits nearly everybody. */
  readonly value: string | undefined;
  /** What a value looks like. */
  readonly example: string | undefined;
}

/** A picture that is safe to show: PNG, or SVG without scripts and references to elsewhere. */
export interface PackPicture {
  /** Of the file: `vies.svg`. */
  readonly name: string;
  readonly type: PictureType;
  readonly base64: string;
}

export type PictureType = 'image/png' | 'image/svg+xml';
