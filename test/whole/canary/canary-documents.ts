import type { SourceFile } from '../../../src/runtime/administration.ts';
import { nativeDocument } from '../documents.ts';

/** The name of the record that has secrets written into the request by the map itself. */
export const SPELLED = 'spelled';

const ENVELOPE =
  '<![CDATA[<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><ask xmlns="urn:ask"/></s:Body></s:Envelope>]]>';

const MODULE = nativeDocument(
  'module',
  'name="Notes" prefix="61" title="name"',
  '<field name="name" type="string" length="40" mandatory="true"/><field name="quantity" type="integer"/>',
);

const SERVICE = `<network authority="{setting.authority}"/><timeout total="20s"/>
<on-error><retry times="0"/><notify to="user:anna" by="app mail" template="It said {answer.message} {= $string(answer.body) }"/></on-error>`;

const RESPONSE = `<response>
  <expect when="response.body.ok = true" code="{response.body.error.code}" message="{response.body.error.message}"/>
  <output path="echo" context="echoed" optional="true"/>
  <output path="all" context="everything" optional="true"/>
  <output path="number" field="quantity" type="integer" optional="true"/>
  <output jsonata="response.text" context="problem" on="failure" optional="true"/>
</response>`;

/** Says back in every part of a request what came in an answer that nobody called confidential. */
const USE = `<call method="POST" path="/say/broken/{echoed}" body="json"/><parameters>
  <parameter name="echoed" context="echoed"/><parameter name="asked" in="query" context="echoed"/>
  <parameter name="X-Shouted" in="header" jsonata="$uppercase(context.echoed)"/>
  <parameter name="quoted" jsonata="context.everything.said[0]"/>
</parameters>`;

const WORKFLOW = `<trigger on="create"/><track name="echoed" jsonata="context.echoed"/><tasks>
  <choose id="how">
    <when field="name" is="equal" value="slow"><webservice id="slowly" map="say-slowly"/></when>
    <when field="name" is="equal" value="${SPELLED}"><webservice id="spell" map="spell"/></when>
    <otherwise><webservice id="say" map="say"/></otherwise>
  </choose>
  <expression id="turn" when="$exists(context.echoed)"><set context="turned" jsonata="'-' &amp; context.echoed"/></expression>
  <webservice id="use" map="use" when="$exists(context.echoed)"/>
</tasks>`;

/** What is sent, and what with. */
export interface CallWith {
  readonly kind: string;
  /** The content of the credential document. */
  readonly parts: string;
  /** True: calls send a SOAP envelope. */
  readonly isSoap: boolean;
  /** A secret that a map writes into path, query, header and body by itself. */
  readonly spelled: string | undefined;
}

/** The documents of an install that calls a peer with this credential, in each of the peer's conducts. */
export function canaryDocuments({ kind, parts, isSoap, spelled }: CallWith): SourceFile[] {
  const body = isSoap ? 'body="text" content-type="text/xml; charset=utf-8"' : 'body="json"';
  const say = (timeout: string): string =>
    `<call method="POST" path="/say/{what}" ${body} in-doubt="ask">${timeout}</call><parameters>
     <parameter name="what" field="name"/></parameters>${isSoap ? `<body>${ENVELOPE}</body>` : ''}${RESPONSE}`;
  const map = (name: string, content: string): SourceFile =>
    nativeDocument('map', `name="${name}" module="Notes" service="shop"`, content);
  return [
    MODULE,
    nativeDocument('credential', `name="login" kind="${kind}"`, parts),
    nativeDocument('service', 'name="shop" url="{setting.shop_url}" credential="login"', SERVICE),
    map('say', say('')),
    map('say-slowly', say('<timeout total="700ms"/>')),
    map('use', isSoap ? say('') : USE),
    map('spell', spelled === undefined ? say('') : spelling(spelled)),
    nativeDocument('workflow', 'name="note-made" module="Notes"', WORKFLOW),
  ];
}

/** The secret in every place of a request; once in what looks like JSON and is none, which is quoted when the call fails. */
function spelling(secret: string): string {
  return `<call method="POST" path="/say/broken/{key}" body="form"/><parameters>
    <parameter name="key" secret="${secret}"/><parameter name="q" in="query" secret="${secret}"/>
    <parameter name="X-Note" in="header" secret="${secret}" encode="base64"/>
    <parameter name="pair" template="a:{secret.${secret}}" encode="base64"/>
    <parameter name="nested" encode="json"><parameter name="k" secret="${secret}"/></parameter>
    <parameter name="element" template='{{"k": "{secret.${secret}}" "'/>
  </parameters>`;
}
