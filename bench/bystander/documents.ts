import type { SourceFile } from '../../src/runtime/administration.ts';

const NAMESPACE = 'xmlns="urn:mapwright:1"';

/** What a hostile peer does at the path of the same name. */
export const HOSTILITIES = [
  'hangs',
  'slow-bytes',
  'endless',
  'wrong-length',
  'gzip-bomb',
  'reset',
  'retry-seconds',
  'retry-date',
  'html',
  'soap-fault',
] as const;

/** Orders that are asked to wait for an hour. */
export const WAITING_DOCUMENTS: readonly SourceFile[] = troubleWith(['retry-seconds']);

/** One service, map and workflow for each hostility, and one that speaks TLS to a peer which does not. */
export const HOSTILE_DOCUMENTS: readonly SourceFile[] = troubleWith([...HOSTILITIES, 'tls']);

function troubleWith(kinds: readonly string[]): readonly SourceFile[] {
  const module: SourceFile = {
    file: 'Orders.xml',
    text: `<module ${NAMESPACE} name="Orders" label="Orders" prefix="16" title="order_no">
      <field name="order_no" label="Number" type="string" length="40" mandatory="true"/>
    </module>`,
  };
  return [module, ...kinds.flatMap(trouble)];
}

function trouble(kind: string): SourceFile[] {
  const url = kind === 'tls' ? '{setting.tls_url}' : '{setting.hostile_url}';
  return [
    {
      file: `${kind}-service.xml`,
      text: `<service ${NAMESPACE} name="${kind}" url="${url}"><timeout connect="1s" total="2s"/></service>`,
    },
    {
      file: `${kind}-map.xml`,
      text: `<map ${NAMESPACE} name="${kind}-map" module="Orders" service="${kind}">
        <call method="PUT" path="/${kind}"/>
        <parameters><parameter name="number" field="order_no"/></parameters>
        <response><output path="id" context="id"/></response>
      </map>`,
    },
    {
      file: `${kind}-workflow.xml`,
      text: `<workflow ${NAMESPACE} name="${kind}-order" module="Orders">
        <trigger on="create"/>
        <tasks>
          <webservice id="send" map="${kind}-map">
            <on-error><retry times="3" every="2s" on="network timeout 429 5xx"/></on-error>
          </webservice>
        </tasks>
      </workflow>`,
    },
  ];
}
