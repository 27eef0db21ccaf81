import { MapwrightError } from '../../../src/core/error.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../src/core/json.ts';
import { createHttpConnector } from '../../../src/connector/http-connector.ts';
import { createSoapClient } from '../../../src/connector/soap/soap-client.ts';
import { readSoapOutputs } from '../../../src/engine/answer/judge-soap.ts';
import { prepareCall } from '../../../src/engine/request/prepared-call.ts';
import type { XmlElement } from '../../../src/xml/element.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { readXmlValueInPieces } from '../../../src/xml/xml-value.ts';
import { textOf } from '../input.ts';
import { sameValue } from '../same-value.ts';
import type { AreaTrial, Outcome } from '../trial.ts';
import { worldOf } from '../vector-world.ts';
import { mapScope, readMapOf } from './corebos-map.ts';
import { resultOf } from './response.ts';
import { type SoapPeer, startSoapPeer } from './soap-peer.ts';

/** Where the facts say the service is: at a host that is none. */
const NAMED_AS = /(<wsurl>\s*(?:<!\[CDATA\[)?)https?:\/\/[^/<\]]+/u;

/** `{wsdlUrlPath, soapBody, authorization, contextAdded, saved}`: a SOAP call to a real service. */
export const SOAP_TRIAL: AreaTrial = {
  async run({ input }) {
    const body = textOf(input, 'soapResponseBody');
    const peer = await startSoapPeer({
      description: textOf(input, 'wsdl'),
      namespace: /xmlns(?::\w+)?="([^"]*)"/u.exec(body)?.[1] ?? 'urn:v',
      answer: body,
      status: typeof input['status'] === 'number' ? input['status'] : 200,
    });
    try {
      return await callPeer(input, peer);
    } finally {
      await peer.close();
    }
  },
  matches({ got }, wanted) {
    if (!isJsonObject(got) || !isJsonObject(wanted)) return false;
    return Object.entries<Json>(wanted).every(([part, value]) =>
      part === 'soapBody' ? sameXml(textOf(got, part), value) : sameValue(got[part] ?? null, value),
    );
  },
  isProse: (recommended) => typeof recommended === 'string',
};

async function callPeer(input: JsonObject, peer: SoapPeer): Promise<Outcome> {
  const given = { ...input, map: textOf(input, 'map').replace(NAMED_AS, `$1${peer.origin}`) };
  const { map, diagnostics } = readMapOf(given);
  const told = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code}: ${message}`);
  if (map === undefined) return { got: null, told };
  const clock = { now: () => Date.now() };
  const allow = [new URL(peer.origin).host];
  const connector = createHttpConnector({ clock, egress: () => ({ allow }) });
  try {
    const soap = createSoapClient({ connector, clock });
    const prepared = await prepareCall({ map, service: undefined, scope: mapScope(worldOf(given)), soap });
    const outcome = await connector.send(prepared.request, {});
    if (outcome.kind === 'failed' || prepared.soap === undefined)
      return { got: peerView(peer), told: [...told, 'no answer'] };
    const outputs = readSoapOutputs(map, await prepared.soap.readAnswer(outcome.answer), readXmlValueInPieces);
    const missing = outputs.filter(({ found }) => !found).map(({ output }) => `missing ${output.document.from?.value}`);
    return { got: { ...peerView(peer), ...resultOf(input, outputs) }, told: [...told, ...missing] };
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError)) throw thrown;
    return { got: peerView(peer), told: [...told, `${thrown.code}: ${thrown.message}`] };
  } finally {
    await connector.close();
  }
}

function peerView({ fetched, posted }: SoapPeer): JsonObject {
  const { root } = parseXml(posted[0]?.body ?? '');
  const body = root?.children.find(({ name }) => name === 'Body')?.children[0];
  return {
    wsdlUrlPath: fetched[0] ?? null,
    soapBody: body === undefined ? null : plainXml(body),
    authorization: posted[0]?.authorization ?? null,
  };
}

/** The element without prefixes, attributes and blanks between elements. */
function plainXml(element: XmlElement): string {
  const { name, children } = element;
  const inside = children.length === 0 ? element.text().value : children.map(plainXml).join('');
  return `<${name}>${inside}</${name}>`;
}

function sameXml(got: string, wanted: Json): boolean {
  const { root } = parseXml(`<whole xmlns:ns1="urn:any">${String(wanted)}</whole>`);
  const [only] = root?.children ?? [];
  return only !== undefined && plainXml(only) === got;
}
