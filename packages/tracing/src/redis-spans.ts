import { tracingChannel } from 'node:diagnostics_channel';
import { type Span, SpanKind } from '@opentelemetry/api';
import { fail, isTraced, tracer } from './spans.ts';

/** What ioredis says about a command. The arguments are not recorded: sessions and carts are in them. */
type Command = { command: string; serverAddress?: string; serverPort?: number; error?: unknown };

/**
 * Each command that ioredis sends becomes a span, by the channel that ioredis offers. A command that waits for a connection
 * has none: it is sent later, outside of its request.
 *
 * @returns a function that ends that.
 */
export function traceRedis(): () => void {
  const commands = tracingChannel<string, Command>('ioredis:command');
  const spans = new WeakMap<Command, Span>();
  const end = (command: Command) => spans.get(command)?.end();
  const subscribers = {
    start(command: Command) {
      if (!isTraced()) return;
      const attributes = {
        'db.system.name': 'redis',
        'db.operation.name': command.command,
        'server.address': command.serverAddress,
        'server.port': command.serverPort,
      };
      spans.set(
        command,
        tracer().startSpan(`redis ${command.command}`, { kind: SpanKind.CLIENT, attributes }),
      );
    },
    error(command: Command) {
      const span = spans.get(command);
      if (span) fail(span, command.error);
    },
    end() {},
    asyncStart() {},
    asyncEnd: end,
  };
  commands.subscribe(subscribers);
  return () => commands.unsubscribe(subscribers);
}
