import type { CompiledCredential } from '../../catalog/credential/compiled-credential.ts';
import { escapeXmlText } from '../../expression/escape.ts';
import type { SourceFile } from '../administration.ts';

/** The name of the map that is tried; no document of an author is called so. */
export const TRIED = 'mapwright.credential-test';

/** A map that makes the call which the credential's `<test>` says, of a service or at an address. */
export function trialDocuments(
  { name, document: { test, credentialKind } }: CompiledCredential,
  { service = TRIED, url }: { readonly service: string | undefined; readonly url: string | undefined },
): SourceFile {
  const method = test?.method ?? 'GET';
  const usual = credentialKind === 'vtiger' && test?.path === undefined;
  const path = url === undefined ? test?.path : undefined;
  const own =
    url === undefined ? '' : `<service name="${TRIED}" url="${literal(url)}" credential="${escapeXmlText(name)}"/>`;
  const at = path === undefined ? '' : ` path="${literal(path)}"`;
  const parameters = usual && url === undefined ? LIST_TYPES : '';
  const text = `<documents xmlns="urn:mapwright:1">${own}
<map name="${TRIED}" service="${escapeXmlText(service)}"><call method="${method}"${at}/>${parameters}</map></documents>`;
  return { file: `${TRIED}.xml`, text };
}

/** What every vtiger and coreBOS answers to who is logged in, and to nobody else. */
const LIST_TYPES = '<parameters><parameter name="operation" value="listtypes"/></parameters>';

/** A text in which nothing is put in. */
function literal(text: string): string {
  return escapeXmlText(text.replaceAll('{', '{{'));
}
