/** The documents compiled, by name; those that cannot be are left out. */
export function compileEach<D extends { readonly name: string }, C>(
  documents: readonly D[],
  compile: (document: D) => C | undefined,
): Map<string, C> {
  const compiled = new Map<string, C>();
  for (const document of documents) {
    const value = compile(document);
    if (value !== undefined) compiled.set(document.name, value);
  }
  return compiled;
}
