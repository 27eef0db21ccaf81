import type { CompileProblem } from '../../compiled.ts';
import { compileLegacy } from '../legacy.ts';
import { metaWarning } from './meta-name.ts';
import type { TemplatePiece } from './template-piece.ts';

/** What was read at one place, and where reading goes on. */
interface Scanned {
  readonly piece: TemplatePiece;
  readonly end: number;
  readonly warnings: readonly CompileProblem[];
}

export type ScannedTemplate =
  | { readonly ok: true; readonly pieces: readonly TemplatePiece[]; readonly warnings: readonly CompileProblem[] }
  | { readonly ok: false; readonly problem: CompileProblem };

const OPENING = /\$(?=[\w(])|Ç(?=\w)/gu;
const VARIABLE = /\$(\w+)/uy;
const DATA_PATH = /Ç(\w+(?:\.\w+)*)/uy;
const REFERRED = /\$\((\w+) : \((\w+)\) (\w+)\)/uy;
const META = /\$\(general : \(__VtigerMeta__\) ([^)]*)\)/uy;
const FUNCTION = /\$\(general : \(__WorkflowFunction__\) /uy;
/** What nearly is a placeholder: the original takes it as text, its author hardly meant that. */
const NEARLY = /\$\(\s*\w+\s*:\s*\(\s*\w+\s*\)[^()]*/uy;
/** A function takes the character after it along when it is one of these. */
const TAKEN_ALONG = ' |&._-]}<>/!"%?,;ºª';

/** Cuts a template into text and placeholders. */
export function scanTemplate(text: string): ScannedTemplate {
  const pieces: TemplatePiece[] = [];
  const warnings: CompileProblem[] = [];
  let from = 0;
  OPENING.lastIndex = 0;
  for (let found = nextOpening(text, 0); found !== -1;) {
    const scanned = scanPlaceholder(text, found);
    if ('problem' in scanned) return { ok: false, problem: scanned.problem };
    if ('piece' in scanned) {
      if (found > from) pieces.push({ kind: 'text', text: text.slice(from, found) });
      pieces.push(scanned.piece);
      from = scanned.end;
    }
    warnings.push(...scanned.warnings);
    found = nextOpening(text, 'piece' in scanned ? scanned.end : found + 1);
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) });
  return { ok: true, pieces, warnings };
}

function nextOpening(text: string, from: number): number {
  OPENING.lastIndex = from;
  return OPENING.exec(text)?.index ?? -1;
}

type Reading = Scanned | { readonly warnings: readonly CompileProblem[] } | { readonly problem: CompileProblem };

function scanPlaceholder(text: string, offset: number): Reading {
  if (at(FUNCTION, text, offset) !== null) return scanFunction(text, offset);
  const meta = at(META, text, offset);
  if (meta !== null) return scanMeta(text, meta);
  const [source, reference, module, field] = at(REFERRED, text, offset) ?? [];
  if (source !== undefined && reference !== undefined && module !== undefined && field !== undefined) {
    return plain({ kind: 'referred', reference, module, field, source, offset });
  }
  const [written, name] = at(VARIABLE, text, offset) ?? [];
  if (written !== undefined && name !== undefined) return plain({ kind: 'variable', name, source: written, offset });
  const [pathText, path] = at(DATA_PATH, text, offset) ?? [];
  if (pathText !== undefined && path !== undefined) {
    return plain({ kind: 'path', names: path.split('.'), source: pathText, offset });
  }
  return { warnings: nearlyWarning(text, offset) };
}

function at(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}

function plain(piece: Exclude<TemplatePiece, { kind: 'text' }>): Scanned {
  return { piece, end: piece.offset + piece.source.length, warnings: [] };
}

function scanMeta(text: string, match: RegExpExecArray): Scanned {
  const [source, written = ''] = match;
  const name = written.trim();
  const offset = match.index;
  const warning = metaWarning(name);
  const at = { offset: text.indexOf(written, offset), length: written.length };
  const scanned = plain({ kind: 'meta', name, source, offset });
  return warning === undefined ? scanned : { ...scanned, warnings: [{ ...warning, ...at }] };
}

function scanFunction(text: string, offset: number): Reading {
  const start = FUNCTION.lastIndex;
  const end = closingBracket(text, start);
  if (end === -1) {
    const message = 'the function of this placeholder has no closing bracket';
    const hint = "the form is $(general : (__WorkflowFunction__) concat(field, 'text') )";
    return { problem: { code: 'TEMPLATE_SYNTAX', message, hint, offset, length: start - offset } };
  }
  const compiled = compileLegacy(text.slice(start, end));
  const placed = (problem: CompileProblem): CompileProblem => ({ ...problem, offset: start + problem.offset });
  if (!compiled.ok) return { problem: placed(compiled.problem) };
  const following = text[end + 1];
  const taken = following !== undefined && TAKEN_ALONG.includes(following) ? 1 : 0;
  const source = text.slice(offset, end + 1 + taken);
  const piece = { kind: 'function', expression: compiled.value, source, offset } as const;
  return { piece, end: offset + source.length, warnings: compiled.warnings.map(placed) };
}

/** Where the bracket is closed that is open at `start`, brackets in quotes not counted; -1 when it never is. */
function closingBracket(text: string, start: number): number {
  let depth = 0;
  let quote = '';
  for (let index = start; index < text.length; index++) {
    const character = text[index] ?? '';
    if (quote !== '') {
      if (character === '\\') index++;
      else if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '(') depth++;
    else if (character === ')' && depth-- === 0) return index;
  }
  return -1;
}

function nearlyWarning(text: string, offset: number): readonly CompileProblem[] {
  const nearly = at(NEARLY, text, offset);
  if (nearly === null) return [];
  const message = 'this looks like a placeholder and stays as it is';
  const hint = 'the blanks have to stand as in $(account_id : (Accounts) accountname)';
  return [{ code: 'TEMPLATE_NOT_REPLACED', message, hint, offset, length: nearly[0].length }];
}
