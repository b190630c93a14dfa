import { type Static, type TProperties, Type } from 'typebox';

/** How a trace is chosen, by OpenTelemetry's names. `parentbased_` leaves the choice to the caller, if there is one. */
export const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/**
 * The settings of every program that makes spans, under the names of OpenTelemetry
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
 */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.String({
    default: '',
    pattern: '^(https?://\\S+)?$',
    description: 'the collector that gets the spans, by OTLP over HTTP; empty: no span is made',
  }),
  OTEL_TRACES_SAMPLER: Type.Enum([...samplers], { default: 'parentbased_traceidratio' }),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.05,
    description: 'the share of requests that are traced',
  }),
  OTEL_BSP_SCHEDULE_DELAY: Type.Integer({
    minimum: 1,
    default: 5_000,
    description: 'milliseconds after which finished spans are sent',
  }),
};

type Values<T extends TProperties> = Static<ReturnType<typeof Type.Object<T>>>;

export type TracingConfig = ReturnType<typeof tracingConfig>;

export const tracingConfig = (settings: Values<typeof tracingSettings>) => ({
  /** Empty: tracing is off. */
  endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
  sampler: settings.OTEL_TRACES_SAMPLER,
  ratio: settings.OTEL_TRACES_SAMPLER_ARG,
  delayMs: settings.OTEL_BSP_SCHEDULE_DELAY,
});
