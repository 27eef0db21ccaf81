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
  'retry-past',
  'retry-garbage',
  'html',
  'large-html',
  'large-json',
  'large-numbers',
  'large-xml',
  'many-levels',
  'many-headers',
  'soap-fault',
] as const;

/** Reached by TLS: a peer that does not speak it, and one whose certificate nobody has signed. */
const TLS_TROUBLES = ['no-tls', 'unknown-certificate'] as const;

/** Where the calls of those go; all others go to the setting crowd_url. */
const ORIGINS: Readonly<Record<string, string>> = {
  'no-tls': '{setting.no_tls_url}',
  'unknown-certificate': '{setting.tls_url}',
};

/** Settings that say where the crowd's calls go. */
export interface CrowdSettings {
  readonly crowd_url: string;
  readonly no_tls_url: string;
  readonly tls_url: string;
}

/** Orders that are asked to wait for an hour. */
export const WAITING_DOCUMENTS: readonly SourceFile[] = crowdOf(['retry-seconds']);

/** One service, map and workflow for each trouble that there is. */
export const HOSTILE_DOCUMENTS: readonly SourceFile[] = crowdOf([...HOSTILITIES, ...TLS_TROUBLES]);

function crowdOf(kinds: readonly string[]): readonly SourceFile[] {
  const module: SourceFile = {
    file: 'Orders.xml',
    text: `<module ${NAMESPACE} name="Orders" label="Orders" prefix="16" title="order_no">
      <field name="order_no" label="Number" type="string" length="40" mandatory="true"/>
    </module>`,
  };
  return [module, ...kinds.flatMap(trouble)];
}

/**
 * Each has a lane of its own, so that none waits behind another of its order. Time limits and pauses are short, so that all
 * that a call leads to falls into one slice and the pause behind it.
 */
function trouble(kind: string): SourceFile[] {
  const format = kind === 'large-xml' ? ' format="xml"' : '';
  return [
    {
      file: `${kind}-service.xml`,
      text: `<service ${NAMESPACE} name="${kind}" url="${ORIGINS[kind] ?? '{setting.crowd_url}'}">
        <timeout connect="1s" total="1500ms"/>
      </service>`,
    },
    {
      file: `${kind}-map.xml`,
      text: `<map ${NAMESPACE} name="${kind}-map" module="Orders" service="${kind}">
        <call method="PUT" path="/${kind}"/>
        <parameters><parameter name="number" field="order_no"/></parameters>
        <response${format}><output path="id" context="id" optional="true"/></response>
      </map>`,
    },
    {
      file: `${kind}-workflow.xml`,
      text: `<workflow ${NAMESPACE} name="${kind}-order" module="Orders" stream="${kind}">
        <trigger on="create"/>
        <tasks>
          <webservice id="send" map="${kind}-map">
            <on-error><retry times="1" every="500ms" on="network timeout 429 5xx"/></on-error>
          </webservice>
        </tasks>
      </workflow>`,
    },
  ];
}
