import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Context } from '../context.ts';
import { ping } from '../database/queries.ts';
import { selectQueueDepth } from '../jobs/queries.ts';

/** /health/live, /health/ready and /metrics (Prometheus text). Routes are named by their pattern: no id and no person is in a label. */
export async function registerMetrics(app: FastifyInstance, context: Context): Promise<void> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'domovoy_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const jobs = new Gauge({
    name: 'domovoy_jobs',
    help: 'Jobs in the queue',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const depth = await selectQueueDepth(context.db);
      this.set({ state: 'waiting' }, depth.waiting);
      this.set({ state: 'failed' }, depth.failed);
    },
  });
  void jobs;
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    if (route.startsWith('/health') || route.startsWith('/assets')) return;
    request.log.info(
      { method: request.method, route, status: reply.statusCode, milliseconds: Math.round(reply.elapsedTime) },
      'answered',
    );
  });
  const open = { config: { access: ['anyone'] as const } };
  app.get('/health/live', open, async () => ({ live: true }));
  app.get('/health/ready', open, async (_request, reply) => {
    try {
      await ping(context.db);
      return { ready: true };
    } catch {
      return reply.code(503).send({ ready: false });
    }
  });
  app.get('/metrics', open, async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}
