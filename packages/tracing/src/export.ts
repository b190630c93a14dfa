import { hostname } from 'node:os';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { traceRedis } from './redis-spans.ts';
import type { TracingConfig } from './settings.ts';

/** How long the end of a process may wait for the collector. */
const lastExportMs = 1_000;

/** Registers the SDK: from now on, spans are recorded and sent to the collector. @returns a function that ends that. */
export function startExport(service: string, config: TracingConfig): () => Promise<void> {
  const { endpoint, delayMs } = config;
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.instance.id': hostname() }),
    sampler: samplerOf(config),
    // More spans than 2,048 that wait are dropped, which is the default: a collector that is away costs no more memory.
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: delayMs })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  const endRedis = traceRedis();
  return async () => {
    endRedis();
    const waited = new Promise((resolve) => setTimeout(resolve, lastExportMs).unref());
    await Promise.race([provider.shutdown().catch(() => {}), waited]);
    trace.disable();
    propagation.disable();
    context.disable();
  };
}

function samplerOf({ sampler, ratio }: TracingConfig): Sampler {
  const [, parentBased, kind = ''] = /^(parentbased_)?(.+)$/.exec(sampler) ?? [];
  const root: Sampler =
    kind === 'always_on'
      ? new AlwaysOnSampler()
      : kind === 'always_off'
        ? new AlwaysOffSampler()
        : new TraceIdRatioBasedSampler(ratio);
  return parentBased ? new ParentBasedSampler({ root }) : root;
}
