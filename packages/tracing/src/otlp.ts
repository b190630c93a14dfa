import type { TracedSpan } from '@shop/contracts/traces.ts';

type Value = { stringValue?: string; intValue?: string | number; doubleValue?: number; boolValue?: boolean };
type Attribute = { key: string; value: Value };
type Span = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: Attribute[];
  status?: { code?: number };
};
/** The parts of `ExportTraceServiceRequest`, in OTLP's JSON, that are read here. */
export type ExportRequest = {
  resourceSpans?: { resource?: { attributes?: Attribute[] }; scopeSpans?: { spans?: Span[] }[] }[];
};

/** Reads the spans of one request of an exporter (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). */
export function readSpans({ resourceSpans = [] }: ExportRequest): TracedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) => {
    const service = String(valuesOf(resource?.attributes)['service.name'] ?? 'unknown');
    return scopeSpans.flatMap(({ spans = [] }) => spans.map((span) => readSpan(service, span)));
  });
}

function readSpan(service: string, span: Span): TracedSpan {
  const { traceId, spanId, parentSpanId, name, attributes, status } = span;
  return {
    traceId,
    spanId,
    ...(parentSpanId && { parentSpanId }),
    name,
    service,
    startMs: Number(span.startTimeUnixNano) / 1e6,
    endMs: Number(span.endTimeUnixNano) / 1e6,
    failed: status?.code === 2,
    attributes: valuesOf(attributes),
  };
}

function valuesOf(attributes: Attribute[] = []): TracedSpan['attributes'] {
  return Object.fromEntries(
    attributes.map(({ key, value }) => {
      const { stringValue, intValue, doubleValue, boolValue } = value;
      return [key, stringValue ?? boolValue ?? doubleValue ?? Number(intValue)];
    }),
  );
}
