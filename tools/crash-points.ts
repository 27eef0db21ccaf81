import { CrashStage } from './crash-points/crash-run.ts';

// npm run crash-points: kills a process right before and right after each of its durable writes, one after another.

const stage = await CrashStage.open();
let broken = 0;
try {
  const places = await stage.places();
  console.log(`${places.length} places to die at`);
  for (const place of places.keys()) {
    const report = await stage.crashAt(place);
    broken += report.broken.length;
    const verdict = report.broken.length === 0 ? 'ok' : report.broken.join('; ');
    console.log(`${String(place).padStart(4)}  ${(report.at ?? 'done before').padEnd(26)}  ${verdict}`);
  }
} finally {
  await stage.close();
}
console.log(broken === 0 ? 'every promise was kept' : `${broken} broken`);
process.exitCode = broken === 0 ? 0 : 1;
