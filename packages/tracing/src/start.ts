import type { TracingConfig } from './settings.ts';

/**
 * Starts tracing for this process, if a collector is named: call it before anything opens a connection.
 *
 * @param service the name under which the collector shows this process, such as `api`.
 * @returns a function that sends the spans that wait, and ends. It never fails: a collector may be away.
 */
export async function startTracing(service: string, config: TracingConfig): Promise<() => Promise<void>> {
  if (!config.endpoint) return async () => {};
  // Only then is the SDK loaded.
  const { startExport } = await import('./export.ts');
  return startExport(service, config);
}
