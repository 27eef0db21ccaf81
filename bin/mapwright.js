#!/usr/bin/env node
// Kept to syntax that Node 12 parses, so that an old Node gets the sentence below instead of a syntax error.
/* global process, URL */
var NEEDED = [22, 19];
var found = process.versions.node.split('.').map(Number);

if (found[0] < NEEDED[0] || (found[0] === NEEDED[0] && found[1] < NEEDED[1])) {
  process.stderr.write(
    'mapwright needs Node.js ' + NEEDED.join('.') + ' or newer; this is Node.js ' + process.versions.node + '\n',
  );
  process.exitCode = 1;
} else {
  start();
}

// A checkout runs its sources; the published package holds dist only, because Node strips no types in node_modules.
function start() {
  var source = new URL('../src/cli/main.ts', import.meta.url);
  var built = new URL('../dist/cli/main.js', import.meta.url);
  return keepCompiled()
    .then(function () {
      return import('node:fs');
    })
    .then(function (fs) {
      return import((fs.existsSync(source) ? source : built).href);
    })
    .then(function (cli) {
      return cli.main();
    });
}

// The next command starts in a third of the time: what this one compiled is kept. In a folder of the user's own, not among
// the temporary files, where anybody could have put something for us to run. Without such a folder there is no cache.
function keepCompiled() {
  if (process.env.NODE_COMPILE_CACHE || process.env.NODE_DISABLE_COMPILE_CACHE) return Promise.resolve();
  return Promise.all([import('node:module'), import('node:os'), import('node:path')]).then(function (builtins) {
    try {
      var caches = process.env.XDG_CACHE_HOME || builtins[2].join(builtins[1].homedir(), '.cache');
      builtins[0].enableCompileCache(builtins[2].join(caches, 'mapwright'));
    } catch {
      // Slower is all that follows.
    }
  });
}
