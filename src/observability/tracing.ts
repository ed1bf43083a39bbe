import { createRequire } from 'node:module';
import { FastifyOtelInstrumentation } from '@fastify/otel';
import { context, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { FastifyPluginCallback } from 'fastify';

/** How long the last spans may take to go out when the process ends. */
const FLUSH_MS = 1_000;

interface OpenHandshake {
  readonly span: Span;
  calls: number;
}

/** The spans of a process, and the way to end them. */
export class Tracing {
  /** Makes a span of every HTTP request of the app that it is registered on first. */
  readonly http: FastifyPluginCallback;
  readonly #provider: NodeTracerProvider;
  readonly #handshakes = new Map<number, OpenHandshake>();

  private constructor(provider: NodeTracerProvider, http: FastifyPluginCallback) {
    this.#provider = provider;
    this.http = http;
  }

  /**
   * Starts to trace, as the usual variables of OpenTelemetry say. It must come before anything imports gRPC: whose calls are traced by
   * changing the library as it is loaded.
   *
   * @param version of Muster
   */
  static start(version: string): Tracing {
    const ours = resourceFromAttributes({ 'service.name': 'muster', 'service.version': version });
    const provider = new NodeTracerProvider({
      resource: defaultResource()
        .merge(ours)
        .merge(detectResources({ detectors: [envDetector] })),
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
    });
    provider.register();
    const grpc = new GrpcInstrumentation({ ignoreGrpcMethods: ['Check', 'Watch', 'ServerReflectionInfo'] });
    grpc.setTracerProvider(provider);
    createRequire(import.meta.url)('@grpc/grpc-js');
    const http = new FastifyOtelInstrumentation({
      instrumentHooks: false,
      instrumentHandler: false,
      // The library takes the query for a part of the path; what stands in it is the client's own affair.
      requestHook: (span, { url }) => span.setAttribute('url.path', url.split('?', 1)[0] ?? ''),
    });
    http.setTracerProvider(provider);
    return new Tracing(provider, http.plugin());
  }

  /** Begins a call of a handshake, and with the first one its span. */
  begin(exchange: number, address: string): void {
    const open = this.#handshakes.get(exchange) ?? this.#open(exchange, address);
    open.calls += 1;
  }

  /** Makes a call inside the span of its handshake. */
  async call<Outcome>(exchange: number, make: () => Promise<Outcome>): Promise<Outcome> {
    const open = this.#handshakes.get(exchange);
    return open === undefined ? make() : context.with(trace.setSpan(context.active(), open.span), make);
  }

  /** Ends the span of a handshake after its last call. */
  ended(exchange: number, problem: string | undefined): void {
    const open = this.#handshakes.get(exchange);
    if (open === undefined) return;
    open.calls -= 1;
    if (problem !== undefined) open.span.setStatus({ code: SpanStatusCode.ERROR, message: problem });
    if (open.calls > 0) return;
    open.span.end();
    this.#handshakes.delete(exchange);
  }

  /** Sends what there is, within a second, and ends. It never rejects. */
  async stop(): Promise<void> {
    const flushed = this.#provider.shutdown().catch(() => undefined);
    await Promise.race([flushed, new Promise((resolve) => setTimeout(resolve, FLUSH_MS).unref())]);
  }

  #open(exchange: number, address: string): OpenHandshake {
    const span = trace.getTracer('muster').startSpan('gossip.handshake', { attributes: { 'peer.address': address } });
    const open = { span, calls: 0 };
    this.#handshakes.set(exchange, open);
    return open;
  }
}
