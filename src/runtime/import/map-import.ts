import { MAPS, WORKFLOWS } from '../../core/document-module.ts';
import { documentName, freeName } from '../../core/document-name.ts';
import type { JsonObject } from '../../core/json.ts';
import { legacyMapType, typeOfStructure, withMapType } from '../../document/corebos/map-type.ts';
import { parseXml } from '../../xml/parse.ts';
import { safePath } from '../export-path.ts';
import type { ImportNote } from './module-description.ts';
import { RemoteRefusal } from './remote-exchange.ts';
import type { RemoteClient } from './remote-client.ts';
import { readAll } from './remote-pages.ts';

/** A map of another install, as a file to be. */
export interface ImportedMap {
  readonly name: string;
  /** What the other install calls its type. */
  readonly type: string;
  readonly path: string;
  readonly text: string;
}

/** Documents of another install, and what could not be taken. */
export interface ImportedMaps {
  readonly maps: readonly ImportedMap[];
  readonly notes: readonly ImportNote[];
}

/** The maps of another install, each in its own dialect, and what could not be taken. Rejects as the client does. */
export async function importMaps(client: RemoteClient): Promise<ImportedMaps> {
  const notes: ImportNote[] = [];
  const maps: ImportedMap[] = [];
  const taken = new Set<string>();
  for (const row of await readAll(client, MAPS.name)) {
    const name = String(row['mapname'] ?? '').trim();
    const type = String(row['maptype'] ?? '').trim();
    const text = contentOf(String(row['content'] ?? ''));
    const refusal = name === '' ? 'left out: it has no name' : refusalOf(text, type);
    if (refusal === undefined) {
      const path = pathOf(name, taken);
      maps.push({ name, type, path, text: typed(text, type) });
      if (stem(path) !== name) notes.push({ of: name, says: `is called ${stem(path)} here, as its file is` });
    } else notes.push({ of: name || String(row['id'] ?? ''), says: refusal });
  }
  return { maps, notes };
}

/** The workflows of another Mapwright, which shows them as native documents; coreBOS's are noted, and stay there. */
export async function importWorkflowDocuments(client: RemoteClient): Promise<ImportedMaps> {
  const taken = new Set<string>();
  const rows = await readAll(client, WORKFLOWS.name).catch((thrown: unknown) => {
    // coreBOS may show its workflows to nobody over the web service.
    if (thrown instanceof RemoteRefusal) return [];
    throw thrown;
  });
  const [own, others] = [rows.filter(isNative), rows.filter((row) => !isNative(row))];
  const maps = own.map((row): ImportedMap => {
    const name = String(row['workflowname'] ?? '');
    return { name, type: 'workflow', path: pathOf(name, taken), text: String(row['content']) };
  });
  const says = 'of coreBOS stay there: export them and give the file to mapwright import-workflows';
  return { maps, notes: others.length === 0 ? [] : [{ of: `${others.length} workflows`, says }] };
}

function isNative({ content }: JsonObject): boolean {
  return typeof content === 'string' && parseXml(content).root?.namespace === 'urn:mapwright:1';
}

/** coreBOS shows the texts of some versions as a page would have them. */
function contentOf(text: string): string {
  if (!/^\s*&lt;/u.test(text)) return text;
  const marks: Readonly<Record<string, string>> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#039;': "'",
    '&#39;': "'",
  };
  return text.replaceAll(/&(?:lt|gt|quot|#0?39);/gu, (mark) => marks[mark] ?? mark).replaceAll('&amp;', '&');
}

function refusalOf(text: string, type: string): string | undefined {
  if (text.trim() === '') return 'left out: it is empty';
  const { root } = parseXml(text);
  if (root === undefined) return 'left out: it is no XML that could be read; correct it there, or write it by hand';
  if (root.namespace !== '') return undefined;
  if (typeOfStructure(root) !== undefined || legacyMapType(type) !== undefined) return undefined;
  return `left out: maps of the type "${type}" are about pages or permissions, and not run here`;
}

/** The type is told where the text alone says another one, or none. */
function typed(text: string, type: string): string {
  const said = legacyMapType(type);
  const { root } = parseXml(text);
  if (said === undefined || root === undefined || root.namespace !== '') return text;
  return typeOfStructure(root) === said || /<\?mapwright[^?]*\stype=/u.test(text) ? text : withMapType(text, said);
}

/** Maps are known by their names, and coreBOS's by those of their files: kept wherever a file can be called so. */
function pathOf(name: string, taken: Set<string>): string {
  const kept = `${name}.xml`;
  const [safe] = safePath(kept);
  const wanted = safe === kept && !name.includes('/') ? name : documentName(name, 'map');
  return `${freeName(wanted, taken)}.xml`;
}

function stem(path: string): string {
  return path.slice(0, -'.xml'.length);
}
