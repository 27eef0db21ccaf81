import type { ModuleDefinition } from '../core/module.ts';

/** How documents are converted. */
export interface ConversionOptions {
  /** True: every value stays the text that coreBOS sends, and requests keep their bytes. */
  readonly keepTypes: boolean;
  /** The rule for names like `accessKey`, whose values are hidden. */
  isSensitiveName(name: string): boolean;
}

/**
 * What somebody has to know about one place of a converted document. `type`: the JSON type of a value differs. `changed`: the
 * meaning differs. `kept`: the part stays in the coreBOS language, with the reason. `assumed`: what was taken for granted
 * because the documents do not tell. `dropped`: the part had no effect, or has none any more.
 */
export interface ConversionNote {
  readonly kind: 'type' | 'changed' | 'kept' | 'assumed' | 'dropped';
  /** `parameter employees`, `output result.id`, `call`. */
  readonly at: string;
  /** Where it stands in the document that was converted; lines count from 1. */
  readonly line: number | undefined;
  readonly message: string;
}

/** What became of one file. */
export interface ConvertedFile {
  readonly file: string;
  /**
   * `converted`; `kept`: it stays a coreBOS document, with the reason; `native`: it is one already; `unreadable`: it cannot
   * be read, and stays as it is.
   */
  readonly outcome: 'converted' | 'kept' | 'native' | 'unreadable';
  /** `map peer-login`; empty when nothing could be read. */
  readonly documents: readonly string[];
  readonly text: string;
  readonly reason: string | undefined;
  readonly notes: readonly ConversionNote[];
}

/** What the documents that are converted together tell each other. */
export interface KnownNames {
  readonly modules: ReadonlyMap<string, ModuleDefinition>;
  /** Context keys that some output writes. */
  readonly contextKeys: ReadonlySet<string>;
  readonly rules: ReadonlySet<string>;
  /** The modules of the maps, mappings and workflows other than that in `file` that hold this word. */
  modulesNaming(word: string, file: string): ReadonlySet<string>;
  /** True when a document other than the one in `file` holds this word. */
  isNamedElsewhere(word: string, file: string): boolean;
}

/** Why a document, or a part of one, stays in the coreBOS dialect. */
export class CannotConvert extends Error {}
