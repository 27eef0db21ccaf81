import type { Diagnostic } from '../../core/diagnostic.ts';
import { DOCUMENT_START } from '../../core/diagnostic.ts';
import { inspectPicture } from '../../document/picture.ts';
import { parseXml } from '../../xml/parse.ts';
import { PACK_DOCUMENT, type PackFile } from './pack-file.ts';

const LINE = 100;

interface Given {
  /** Of the pack document. */
  readonly text: string;
  /** Names of pictures that its documents show. */
  readonly logos: ReadonlySet<string>;
  readonly files: readonly PackFile[];
}

/**
 * The pack document with the pictures that stand beside it inside: an install stores documents, and nothing else. A picture that
 * is not safe to show is PACK_PICTURE; one that is nowhere is PACK_PICTURE_MISSING, a warning.
 */
export function withPictures({ text, logos, files }: Given): {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
} {
  const inside = new Set(picturesIn(text));
  const diagnostics: Diagnostic[] = [];
  const elements: string[] = [];
  for (const name of [...logos].toSorted()) {
    const file = files.find(({ path }) => path === name);
    if (inside.has(name)) continue;
    if (file === undefined) {
      const hint = `put ${name} beside ${PACK_DOCUMENT}`;
      diagnostics.push(
        problem('warning', { code: 'PACK_PICTURE_MISSING', message: `there is no picture ${name}`, hint }),
      );
      continue;
    }
    const inspected = inspectPicture(Buffer.from(file.bytes).toString('base64'));
    if (inspected.type === undefined) {
      const message = `the picture ${name} is not taken: ${inspected.refusal}`;
      diagnostics.push(problem('error', { code: 'PACK_PICTURE', message, hint: inspected.hint }));
      continue;
    }
    elements.push(pictureElement(name, inspected.base64));
  }
  return { text: inserted(text, elements.join('')), diagnostics };
}

/** The element that holds a picture, as the import writes it. */
function pictureElement(name: string, base64: string): string {
  const lines = base64.match(new RegExp(`.{1,${LINE}}`, 'gu')) ?? [];
  return `  <picture name="${name}">\n${lines.join('\n')}\n  </picture>\n`;
}

function picturesIn(text: string): string[] {
  const children = parseXml(text).root?.children ?? [];
  return children.flatMap(({ name, attributes }) => (name === 'picture' ? (attributes.get('name')?.value ?? []) : []));
}

/** Before the end tag of the root. */
function inserted(text: string, elements: string): string {
  const end = parseXml(text).root?.range.end.offset;
  const at = end === undefined ? -1 : text.lastIndexOf('</', end);
  return elements === '' || at === -1 ? text : `${text.slice(0, at)}${elements}${text.slice(at)}`;
}

function problem(
  severity: Diagnostic['severity'],
  told: { readonly code: string; readonly message: string; readonly hint: string },
): Diagnostic {
  return { severity, ...told, file: PACK_DOCUMENT, range: DOCUMENT_START };
}
