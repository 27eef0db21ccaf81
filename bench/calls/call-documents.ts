import type { SourceFile } from '../../src/runtime/administration.ts';
import type { CallerSetup, Proof } from './caller.ts';
import { API_KEY, CLIENT } from './calls-peer.ts';

const NS = 'xmlns="urn:mapwright:1"';

/** The map that sends an order, and the workflow of that one step. */
export const MAP = 'place-order';
export const WORKFLOW = 'order-placed';

const CREDENTIALS: Readonly<Record<Proof, string>> = {
  'api-key': `<credential ${NS} name="shop" kind="api-key"><key secret="shop-key"/><send header="X-Api-Key" prefix=""/></credential>`,
  oauth2: `<credential ${NS} name="shop" kind="oauth2-client-credentials">
    <token url="{setting.shop_url}/token"/><client id="${CLIENT.id}" secret="shop-client"/></credential>`,
};

const MEMBERS = ['reference', 'customer', 'product', 'quantity', 'note'];

/** What an install is opened with to make the calls. */
export function installFor({ url, atOnce, proof }: CallerSetup) {
  const texts = [
    CREDENTIALS[proof],
    // As many places as connections, so that nobody waits for one.
    `<service ${NS} name="shop" url="{setting.shop_url}" credential="shop">
       <network connections="${atOnce}"/><limit concurrent="${atOnce}"/></service>`,
    `<map ${NS} name="${MAP}" service="shop"><call method="POST" path="/orders" body="json"/>
       <parameters>${MEMBERS.map((name) => `<parameter name="${name}" context="${name}"/>`).join('')}</parameters>
       <response><output path="id" context="order_id"/></response></map>`,
    `<workflow ${NS} name="${WORKFLOW}"><trigger on="manual"/>
       <tasks><webservice id="place" map="${MAP}"/></tasks></workflow>`,
  ];
  const documents: SourceFile[] = texts.map((text, index) => ({ file: `${index}.xml`, text }));
  return {
    documents,
    settings: { shop_url: url, 'egress.allow': '127.0.0.1:*' },
    secrets: proof === 'api-key' ? { 'shop-key': API_KEY } : { 'shop-client': CLIENT.secret },
  };
}
