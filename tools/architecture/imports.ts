const STATIC = /^\s*(?:import|export)\b(?:[^'";]*?\bfrom)?\s*'([^']+)'/gmu;
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/gu;
const WORKER = /\bnew URL\(\s*'([^']+\.[jt]s)'\s*,\s*import\.meta\.url\s*\)/gu;
const COMMENT = /^\s*(?:\/\/.*|\/\*[\s\S]*?\*\/)/gmu;

/** What a source text imports, as written: values, types, `import()` in code and in types, and files of workers. */
export function importsOf(source: string): string[] {
  const code = source.replaceAll(COMMENT, '').replaceAll('"', "'");
  return [STATIC, DYNAMIC, WORKER].flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''));
}
