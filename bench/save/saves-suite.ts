import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Suite, countOption } from '../suite.ts';
import { measure } from './measure.ts';
import { renderReport, reportOf } from './report.ts';
import { setStage } from './stage.ts';
import { measureWorkflowSaves } from './workflow-saves.ts';

/** What a save costs: with remotes in every state, with workflows that match, and with many that do not concern it. */
export const savesSuite: Suite = {
  name: 'saves',
  about: 'what a save costs while the other side is up, down and hanging; with matching workflows; with many others',
  options: [
    { name: 'saves', value: 'N', about: 'saves of each case', default: '500', quick: '50' },
    { name: 'gap', value: 'N', about: 'mean pause between two saves over HTTP, in ms', default: '15', quick: '2' },
    { name: 'modules', value: 'N', about: 'modules, with 100 workflows each', default: '100', quick: '10' },
  ],
  async run(params) {
    const { folder, progress } = params;
    const saves = countOption(params, 'saves');
    const gapMs = countOption(params, 'gap');
    const otherModules = countOption(params, 'modules');
    progress('saves: over HTTP, with B up, down and hanging');
    const http = join(folder, 'http');
    await mkdir(http);
    const stage = await setStage(http);
    const report = reportOf(await measure(stage, { saves, gapMs }).finally(stage.close));
    const workflows = await measureWorkflowSaves({ folder, saves, otherModules, progress });
    return { facts: { ...report, ...workflows }, text: renderReport(report, workflows) };
  },
};
