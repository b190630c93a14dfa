import inspector from 'node:inspector';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * One process of watch.ts, in two steps, each on a message: it imports the dependencies, then runs the program. When
 * the program has started, the process sends the URLs of all modules of node_modules that the sources imported.
 */
const debugPort = 9229;
const isDependency = (url = '') => url.includes('/node_modules/');

async function importDependencies(urls: string[]): Promise<void> {
  // The program's own import reports what is wrong with a module.
  for (const url of urls) await import(url).catch(() => {});
}

async function runProgram(program: string): Promise<void> {
  const used = new Set<string>();
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      if (isDependency(found.url) && !isDependency(context.parentURL)) used.add(found.url);
      return found;
    },
  });
  // Only now: the process that ran before has released the port.
  if (process.env.DEBUG_HOST) inspector.open(debugPort, process.env.DEBUG_HOST);
  process.argv[1] = program;
  await import(pathToFileURL(program).href);
  hooks.deregister();
  process.send?.([...used]);
}

let step = Promise.resolve();
process.on('message', (message: { dependencies?: string[]; program?: string }) => {
  const { dependencies, program } = message;
  if (dependencies) step = step.then(() => importDependencies(dependencies));
  if (program) step = step.then(() => runProgram(program));
});
