import type { Located } from '../../core/diagnostic.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import type { RuleDocument } from '../../document/rule/rule.ts';
import type { ConversionNote, ConversionOptions, KnownNames } from '../conversion.ts';

/** A coreBOS rule that is being converted: what is known of it, and where notes are put down. */
export class RuleConversion {
  readonly rule: RuleDocument;
  readonly known: KnownNames;
  readonly options: ConversionOptions;
  /** The one module about whose records the documents ask it; undefined when they are none or several. */
  readonly module: ModuleDefinition | undefined;
  readonly notes: ConversionNote[] = [];

  constructor(rule: RuleDocument, known: KnownNames, options: ConversionOptions) {
    this.rule = rule;
    this.known = known;
    this.options = options;
    const [only, ...others] = known.modulesNaming(rule.name, rule.file);
    this.module = others.length > 0 ? undefined : known.modules.get(only ?? '');
  }

  /** Puts a note down, once for each place and message. */
  note(
    kind: ConversionNote['kind'],
    at: string,
    message: string,
    where?: Pick<Located<unknown>, 'range'> | undefined,
  ): void {
    const isKnown = this.notes.some((note) => note.at === at && note.message === message);
    if (!isKnown) this.notes.push({ kind, at, line: where?.range.start.line, message });
  }
}
