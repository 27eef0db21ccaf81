// Prints the codes that docs/errors.md lacks (with the files that name them) and those that no source names any more.
import { codesInSources, documentedCodes } from './error-codes.ts';

const inSources = codesInSources();
const documented = new Set(documentedCodes());
for (const [code, files] of [...inSources].toSorted()) {
  if (!documented.has(code)) console.log(`missing  ${code}  ${files.join(' ')}`);
}
for (const code of documented) {
  if (!inSources.has(code)) console.log(`unused   ${code}`);
}
