import type { ModuleDefinition } from '../../core/module.ts';
import type { RuleDocument } from '../../document/rule/rule.ts';
import type { ConversionOptions, KnownNames } from '../conversion.ts';
import { ConversionNotes } from '../conversion-notes.ts';

/** A coreBOS rule that is being converted: what is known of it, and where notes are put down. */
export class RuleConversion extends ConversionNotes {
  readonly rule: RuleDocument;
  readonly known: KnownNames;
  readonly options: ConversionOptions;
  /** The one module about whose records the documents ask it; undefined when they are none or several. */
  readonly module: ModuleDefinition | undefined;

  constructor(rule: RuleDocument, known: KnownNames, options: ConversionOptions) {
    super();
    this.rule = rule;
    this.known = known;
    this.options = options;
    const [only, ...others] = known.modulesNaming(rule.name, rule.file);
    this.module = others.length > 0 ? undefined : known.modules.get(only ?? '');
  }
}
