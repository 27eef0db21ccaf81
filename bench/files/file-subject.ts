import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { fileIn } from '../../src/core/file-store.ts';
import { isFinal } from '../../src/core/run.ts';
import { type Install, openInstall } from '../../src/runtime/install.ts';

/** What one transfer came to. */
export interface FileTransfer {
  readonly sha256: string;
  readonly bytes: number;
  readonly seconds: number;
  /** The most that the process has ever held. */
  readonly peakBytes: number;
}

const NS = 'xmlns="urn:mapwright:1"';

function documents(url: string): { file: string; text: string }[] {
  const texts = [
    `<module ${NS} name="Scans" prefix="70" title="name"><field name="name" type="string"/><field name="size" type="string"/>
       <field name="copy" type="file"/></module>`,
    `<service ${NS} name="peer" url="${url}"><timeout total="1h"/></service>`,
    `<map ${NS} name="up" module="Scans" service="peer"><call method="PUT" path="/take" body="raw"/>
       <parameters><parameter name="f" file="copy"/></parameters></map>`,
    `<map ${NS} name="down" module="Scans" service="peer"><call method="GET" path="/give/{size}"/>
       <parameters><parameter name="size" field="size"/></parameters>
       <response><file field="copy" max-size="8GiB"/></response></map>`,
    ...['up', 'down'].map(
      (name) => `<workflow ${NS} name="${name}-flow" module="Scans">
        <trigger on="create"><condition field="name" is="equal" value="${name}"/></trigger>
        <tasks><webservice id="call" map="${name}"/></tasks></workflow>`,
    ),
  ];
  return texts.map((text, index) => ({ file: `${index}.xml`, text }));
}

/** A process that sends a file out of its store and takes one into it, through runs. */
export async function createFileSubject() {
  let install: Install | undefined;
  const opened = (): Install => {
    if (install === undefined) throw new Error('open the install first');
    return install;
  };
  const transfer = async (name: string, values: Record<string, string>): Promise<FileTransfer> => {
    const { administration, crm } = opened();
    const startedAt = performance.now();
    const { id } = await crm.create({ actor: { user: '19x1' }, module: 'Scans', element: { name, ...values } });
    for (;;) {
      const [run] = await administration.runs({ recordId: id, limit: 1 });
      if (run?.wait?.for === 'person') throw new Error(run.wait.reason);
      if (run !== undefined && isFinal(run.status)) break;
      await pause(20);
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const file = fileIn((await crm.retrieve(id)).values['copy'] ?? null);
    if (file === undefined) throw new Error('the record holds no file');
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    return { sha256: file.sha256, bytes: file.size, seconds, peakBytes };
  };
  return {
    async open({ folder, url }: { readonly folder: string; readonly url: string }): Promise<void> {
      install = await openInstall({ folder, env: {} });
      await install.administration.setSetting({ name: 'egress.allow', value: '127.0.0.1:*' });
      const applied = await install.administration.apply({
        documents: documents(url),
        prune: true,
        dryRun: false,
        by: 'bench',
      });
      const [problem] = applied.diagnostics.filter(({ severity }) => severity === 'error');
      if (problem !== undefined) throw new Error(`${problem.code}: ${problem.message}`);
      await install.startWorker();
    },
    download: ({ bytes }: { readonly bytes: number }) => transfer('down', { size: String(bytes) }),
    /** Of so many MiB, which are stored first. */
    async upload({ mebibytes }: { readonly mebibytes: number }): Promise<FileTransfer> {
      const head = { id: randomUUID(), name: 'scan.tif', type: 'image/tiff', at: Date.now() };
      const writer = await opened().files.create(head);
      const piece = Buffer.alloc(1024 * 1024, 'scan');
      for (let count = 0; count < mebibytes; count++) await writer.write(piece);
      const { id } = await writer.finish();
      return transfer('up', { copy: id });
    },
    close: async () => opened().close(1_000),
  };
}
