import type { FieldDefinition, ModuleDefinition } from '../../core/module.ts';
import type { LegacyNode, RelatedNode, SymbolNode } from '../../expression/legacy/tree.ts';
import { toLegacyText } from '../../expression/legacy/value.ts';
import { CannotConvert } from '../conversion.ts';
import { translateArithmetic, translateSign } from './arithmetic.ts';
import { translateCall } from './call.ts';
import { translateComparison } from './comparison.ts';
import { memberCode } from './quote.ts';
import { referredPiece } from './referred-field.ts';
import { textCode, type TextPiece } from './text-piece.ts';
import { asText, asTruth, codeOf, textOf, type Translated } from './translated.ts';

/** What an expression is translated for. */
export interface TranslationScope {
  /** The module of the record: without it no field has a known type. */
  readonly module: ModuleDefinition | undefined;
  readonly modules: ReadonlyMap<string, ModuleDefinition>;
  /** Told about every context value that is taken for a text. */
  readonly assumeText: (key: string) => void;
}

/** A translation of parts into each other. Throws CannotConvert where JSONata cannot say the same. */
export interface Translator {
  readonly scope: TranslationScope;
  value(node: LegacyNode): Translated;
  text(node: LegacyNode): readonly TextPiece[];
  truth(node: LegacyNode): string;
}

/** Makes a translator whose results mean in JSONata what the tree means in the legacy language. */
export function createTranslator(scope: TranslationScope): Translator {
  const translator: Translator = {
    scope,
    value: (node) => bounded(translate(translator, node)),
    text: (node) => bounded({ kind: 'text', pieces: translateText(translator, node) }).pieces,
    truth: (node) => asTruth(translator.value(node)),
  };
  return translator;
}

/** Operands stand in a translation twice and more often, and so do what they hold: it is kept to what somebody can read. */
const MAX_CODE = 1500;

function bounded<T extends Translated>(value: T): T {
  const codes =
    value.kind === 'text' ? value.pieces.map((piece) => (piece.kind === 'code' ? piece.code : '')) : [value.code];
  if (codes.join('').length > MAX_CODE) throw new CannotConvert('in JSONata it would be too long to be read');
  return value;
}

function translate(translator: Translator, node: LegacyNode): Translated {
  switch (node.kind) {
    case 'literal':
      return literal(node.value);
    case 'symbol':
      return field(translator.scope.module, node);
    case 'related':
      return referred(translator.scope, node);
    case 'unary':
      return translateSign(translator, node);
    case 'binary':
      return translateArithmetic(translator, node) ?? translateComparison(translator, node);
    case 'call':
      return translateCall(translator, node);
    case 'choice':
      return choose(translator, node);
  }
}

function literal(value: string | number): Translated {
  if (typeof value === 'string') return { kind: 'text', pieces: [{ kind: 'literal', text: value }] };
  const isWhole = Number.isSafeInteger(value);
  return { kind: 'number', code: toLegacyText(value), isWhole, isNullable: false, isStored: false };
}

function referred({ module, modules }: TranslationScope, node: RelatedNode): Translated {
  const piece = referredPiece({ reference: node.field, module: node.module, field: node.target }, module, modules);
  if (piece === undefined)
    throw new CannotConvert(`what ${node.field} leads to, and of which type it is, is not known`);
  return { kind: 'text', pieces: [piece] };
}

function field(module: ModuleDefinition | undefined, { name }: SymbolNode): Translated {
  if (module === undefined)
    throw new CannotConvert(`the type of the field ${name} is not known: its module is not among the documents`);
  if (name === 'id') return { kind: 'text', pieces: [{ kind: 'code', code: 'record.id' }] };
  const definition = module.fields.find((candidate) => candidate.name === name);
  if (definition === undefined) throw new CannotConvert(`${name} is no field of ${module.name}`);
  return fieldValue(definition);
}

/** A field of the record as JSONata sees it. */
function fieldValue({ name, type }: FieldDefinition): Translated {
  const code = memberCode('record', name);
  if (code === undefined) throw new CannotConvert(`JSONata cannot name the field ${name}`);
  switch (type) {
    case 'integer':
    case 'number':
    case 'currency':
      return { kind: 'number', code, isWhole: type === 'integer', isNullable: true, isStored: true };
    case 'boolean':
      return { kind: 'checkbox', code };
    case 'date':
    case 'time':
      return { kind: 'moment', code };
    case 'datetime':
      return textOf(momentText(code));
    case 'reference':
    case 'owner':
      throw new CannotConvert(`${name} gives the name of what it points at, which JSONata does not see`);
    case 'file':
      throw new CannotConvert(`${name} gives the JSON text of a file, where JSONata sees an object`);
    default:
      return { kind: 'text', pieces: [{ kind: 'code', code, field: name }] };
  }
}

/** `2025-03-14T10:20:30Z` as coreBOS stores it: `2025-03-14 10:20:30`. */
export function momentText(code: string): string {
  return `(${code} ? $substring($replace(${code}, 'T', ' '), 0, 19) : '')`;
}

type Choice = Extract<LegacyNode, { kind: 'choice' }>;

function choose(translator: Translator, node: Choice): Translated {
  const values = [...node.cases.map(({ then }) => then), node.otherwise].map((branch) => translator.value(branch));
  const numbers = values.filter((value) => value.kind === 'number');
  if (numbers.length === values.length) {
    return {
      kind: 'number',
      code: chainOf(translator, node, numbers.map(codeOf)),
      isWhole: numbers.every(({ isWhole }) => isWhole),
      isNullable: numbers.some(({ isNullable }) => isNullable),
      isStored: numbers.every(({ isStored }) => isStored),
    };
  }
  const [first] = values;
  if (values.some(({ kind }) => kind !== first?.kind)) {
    throw new CannotConvert('the branches of if give values of different types');
  }
  if (first?.kind === 'truth') return { kind: 'truth', code: chainOf(translator, node, values.map(codeOf)) };
  return textOf(
    chainOf(
      translator,
      node,
      values.map((value) => textCode(asText(value))),
    ),
  );
}

function chainOf(translator: Translator, { cases }: Choice, codes: readonly string[]): string {
  const otherwise = codes.at(-1) ?? "''";
  const chain = cases.reduceRight(
    (rest, { when }, index) => `${translator.truth(when)} ? ${codes[index] ?? "''"} : ${rest}`,
    otherwise,
  );
  return `(${chain})`;
}

/** As text, branch by branch, so that `if a then 1 else '' end` can be said too. */
function translateText(translator: Translator, node: LegacyNode): readonly TextPiece[] {
  if (node.kind === 'literal') return [{ kind: 'literal', text: toLegacyText(node.value) }];
  if (node.kind !== 'choice') return asText(translator.value(node));
  const branches = [...node.cases.map(({ then }) => then), node.otherwise];
  const codes = branches.map((branch) => textCode(translator.text(branch)));
  return [{ kind: 'code', code: chainOf(translator, node, codes) }];
}
