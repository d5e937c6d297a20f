import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { addAttachmentMetrics } from '../attachments/metrics.ts';
import { type Config, sha256 } from '../config.ts';
import type { Context } from '../context.ts';
import { ping } from '../database/queries.ts';
import { NotFound } from '../errors.ts';
import { addFileMetrics } from '../files/metrics.ts';
import { selectQueueDepth } from '../jobs/queries.ts';
import { addMailMetrics } from '../mail/metrics.ts';
import { addCalendarMetrics } from '../rules/calendar-until.ts';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
/** A proxy beside us comes from the loopback too, with the requests of everybody. */
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];

/** Figures of the process tell how busy and how ill it is: they are for who asks from the machine itself or knows the token. */
export function mayReadMetrics(config: Pick<Config, 'METRICS_TOKEN'>, request: FastifyRequest): boolean {
  const { authorization = '' } = request.headers;
  const said = /^Bearer +(.+)$/i.exec(authorization)?.[1];
  if (said && config.METRICS_TOKEN) return timingSafeEqual(sha256(said), sha256(config.METRICS_TOKEN));
  // The address of the connection, not the one a header names.
  const isOwn = LOOPBACK.test(request.socket.remoteAddress ?? '');
  return isOwn && !FORWARDING.some((name) => request.headers[name] !== undefined);
}

/**
 * /health/live, /health/ready and /metrics (Prometheus text). Routes are named by their pattern: no id and no person is in a label.
 * Without the database the figures of the process are there all the same: that is when they are looked at.
 */
export async function registerMetrics(
  app: FastifyInstance,
  context: Context,
  isDatabaseAway: () => boolean,
): Promise<void> {
  const registry = new Registry();
  const stored = new Registry();
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
    registers: [stored],
    async collect() {
      const depth = await selectQueueDepth(context.db);
      this.set({ state: 'waiting' }, depth.waiting);
      this.set({ state: 'failed' }, depth.failed);
    },
  });
  void jobs;
  const answers = new Gauge({
    name: 'domovoy_database_up',
    help: '1 when the database answered this very question, 0 when it did not and its figures are left out',
    registers: [registry],
  });
  addAttachmentMetrics(stored, context);
  addFileMetrics(stored, context);
  addMailMetrics(stored, context);
  addCalendarMetrics(stored, context);
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
  // A proxy asks often, and by the address of everybody whom it brings.
  const unlimited = { config: { ...open.config, rateLimit: false as const } };
  app.get('/health/live', unlimited, async (_request, reply) =>
    reply.code(app.isLeaving ? 503 : 200).send({ live: !app.isLeaving }),
  );
  app.get('/health/ready', unlimited, async (_request, reply) => {
    const isReady =
      !app.isLeaving &&
      !isDatabaseAway() &&
      (await ping(context.db).then(
        () => true,
        () => false,
      ));
    return reply.code(isReady ? 200 : 503).send({ ready: isReady });
  });
  app.get('/metrics', open, async (request, reply) => {
    if (!mayReadMetrics(context.config, request)) throw new NotFound();
    const figures = isDatabaseAway() ? null : await stored.metrics().catch(() => null);
    answers.set(figures === null ? 0 : 1);
    return reply.type(registry.contentType).send([await registry.metrics(), figures ?? ''].join('\n'));
  });
}
