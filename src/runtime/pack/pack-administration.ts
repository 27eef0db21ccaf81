import type { Diagnostic } from '../../core/diagnostic.ts';
import type { DocumentName } from '../../core/document-store.ts';
import type { DocumentChange } from '../administration.ts';
import type { RemovalReport } from '../library/library-administration.ts';

/** A pack, as a list shows it. */
export interface PackSummary {
  readonly name: string;
  readonly version: string;
  readonly label: string | undefined;
  readonly author: string | undefined;
  readonly licence: string | undefined;
  readonly description: string | undefined;
  readonly logo: string | undefined;
  /** How many documents it brings. */
  readonly documents: number;
}

/** A pack that is installed. */
export interface InstalledPack extends PackSummary {
  /** When it came, and by whom. */
  readonly imported: { readonly revision: number; readonly at: number; readonly by: string } | undefined;
  /** The version that ships with this program, where that is another one. */
  readonly shipped: string | undefined;
}

/** A pack that ships with this program. */
export interface AvailablePack extends PackSummary {
  /** The version that is installed. */
  readonly installed: string | undefined;
}

/** A setting or secret that a pack wants. */
export interface PackNeed {
  readonly kind: 'setting' | 'secret';
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** What fits nearly everybody, and what a value looks like; of settings only. */
  readonly value: string | undefined;
  readonly example: string | undefined;
  readonly isSet: boolean;
}

/** Everything about one pack. */
export interface PackDetails extends PackSummary {
  readonly isInstalled: boolean;
  readonly tested: string | undefined;
  /** `as-imported`; `changed`: since then, here; `missing`: taken away here; `available`: the pack is not installed. */
  readonly contents: readonly (DocumentName & { readonly state: PackedState })[];
  readonly needs: readonly PackNeed[];
}

export type PackedState = 'as-imported' | 'changed' | 'missing' | 'available';

/** What an import does, or would do. */
export interface PackImportReport {
  readonly pack: PackSummary;
  /** The version that was installed. */
  readonly before: string | undefined;
  /** The revision now in force. */
  readonly revision: number;
  readonly stored: boolean;
  readonly changes: readonly DocumentChange[];
  /** True: what is installed is a newer version. */
  readonly isOlder: boolean;
  /** Documents that would be replaced and are not as this pack brought them: `pack` names another one that brings them too. */
  readonly changedHere: readonly (DocumentName & { readonly pack: string | undefined })[];
  /** True: nothing was changed, because there are such documents and `overwrite` was not given. */
  readonly needsOverwrite: boolean;
  readonly needs: readonly PackNeed[];
  /** `withValues`: the settings that got the offered value, or would. */
  readonly values: readonly { readonly name: string; readonly value: string }[];
  /** With errors nothing was changed. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A pack as a file. */
export interface PackExport {
  /** `vies-1.0.0.zip` */
  readonly file: string;
  /** The zip, in base64. */
  readonly archive: string;
  readonly pack: PackSummary;
  readonly contents: readonly DocumentName[];
  readonly needs: readonly Omit<PackNeed, 'isSet'>[];
  /** What is worth a look before it is given away: keys in plain text and the like. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What is packed: an installed pack, or a service with its maps. */
export interface PackExportParams {
  readonly pack?: string | undefined;
  readonly service?: string | undefined;
  /** What the pack is called; when left out as it is called here, or as the service. */
  readonly name?: string | undefined;
  /** When left out the version that the pack has; of a service 1.0.0. */
  readonly version?: string | undefined;
  /** True: what settings hold here goes along. */
  readonly withValues: boolean;
}

export interface PackRemovalReport extends RemovalReport {
  /** Documents of the pack that were changed here. */
  readonly changedHere: readonly DocumentName[];
}

/** The part of Administration that is about packs. */
export interface PackAdministration {
  packs(): Promise<readonly InstalledPack[]>;
  availablePacks(): Promise<readonly AvailablePack[]>;
  /** Installed, or else shipped. Rejects with PACK_UNKNOWN. */
  pack(params: { readonly name: string }): Promise<PackDetails>;
  /**
   * Puts the documents of a pack into force, all or none, as one revision; with `withValues` settings after that: given again,
   * what was stopped between goes on. Rejects with PACK_ARCHIVE, PACK_UNKNOWN, PACK_MISSING, DOCUMENTS_CHANGED.
   */
  importPack(params: {
    /** The zip in base64. */
    readonly archive?: string | undefined;
    /** In its place: the name of one that ships with the program. */
    readonly shipped?: string | undefined;
    /** True: documents that were changed here are replaced. */
    readonly overwrite: boolean;
    /** True: settings that have no value get the one that the pack offers. */
    readonly withValues: boolean;
    readonly dryRun: boolean;
    /** The revision that was looked at: another one in force is DOCUMENTS_CHANGED. */
    readonly basedOn?: number | undefined;
    readonly by: string;
  }): Promise<PackImportReport>;
  /**
   * Never holds secrets or tokens. Rejects with PACK_UNKNOWN, DOCUMENT_UNKNOWN, PACK_NOTHING_NAMED, DOCUMENT_NAME_INVALID,
   * PACK_VERSION_INVALID, PACK_TOO_LARGE.
   */
  exportPack(params: PackExportParams): Promise<PackExport>;
  /** Removes the pack and what it brought, as `removeDocuments` does. Rejects with PACK_UNKNOWN, DOCUMENTS_CHANGED. */
  removePack(params: {
    readonly name: string;
    readonly force: boolean;
    readonly dryRun: boolean;
    readonly by: string;
  }): Promise<PackRemovalReport>;
  /** A picture that a `logo` names, of one pack or of the first that has one so called. Rejects with PICTURE_UNKNOWN. */
  picture(params: {
    readonly name: string;
    readonly pack?: string | undefined;
  }): Promise<{ readonly type: string; readonly base64: string }>;
}
