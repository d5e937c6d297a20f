import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import staticFiles from '@fastify/static';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { type Actor, authorise, type Role } from '../access.ts';
import type { Context } from '../context.ts';
import { Forbidden, TooMany } from '../errors.ts';
import { type FormGuard, formGuard, TOKEN_FIELD } from './csrf.ts';
import { readFields } from './fields.ts';
import { inTime } from './in-time.ts';
import { callerKey } from './limits.ts';
import { registerMetrics } from './metrics.ts';
import { databaseAway } from './refuse.ts';
import { type Viewer, viewerTags } from './viewer.ts';

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor;
    /** Why a key that was shown is not taken, in words for its owner. Only who knows the secret is told. */
    refusal: string | null;
  }
  interface FastifyInstance {
    guard: FormGuard;
    context: Context;
    /** Changes with the built assets, which browsers keep for a year. */
    assetsVersion: string;
    /** The process is about to end: a proxy is told so, and who is here already is answered. */
    isLeaving: boolean;
    viewerOf: (actor: Actor) => Viewer;
    routes: { method: string; url: string; access: readonly Role[] }[];
  }
  interface FastifyContextConfig {
    /** Who may call the route. Every route says it; a test runs each route for each role. */
    access?: readonly Role[];
    /** 'form': the token is a form field (default for changes); 'own': the route checks it itself; 'none': no browser calls it. */
    token?: 'form' | 'own' | 'none';
    /** Nothing of the answer may be prefetched or kept (staff pages, audited pages). */
    sensitive?: boolean;
  }
}

export interface ServerParts {
  assetsFolder: string;
  /** Who sends the request: looks the session up. */
  identify: (request: FastifyRequest, reply: FastifyReply) => Promise<Actor>;
  /** The same on routes for systems: looks the key up, and at no cookie. Without it there are no such routes. */
  identifySystem?: (request: FastifyRequest) => Promise<Actor>;
  onError: (error: unknown, request: FastifyRequest, reply: FastifyReply) => unknown;
  onNotFound: (request: FastifyRequest, reply: FastifyReply) => unknown;
  /** How long a form may come; for tests. */
  wholeBodyMs?: number;
  /** Known before anything is asked of it: what needs the database is refused at once. */
  isDatabaseAway?: () => boolean;
}

const ANYONE: readonly Role[] = ['anyone'];
const ASSETS = '/assets/';
/** Files of the build, whether the process lives, and how it does. */
const WITHOUT_DATABASE = /^\/(assets\/|health\/|metrics$)/;
/** Nobody is somebody there. */
const WITHOUT_COOKIES = /^\/(assets|health|api)\//;
const MAX_FORM_BYTES = 256 * 1024;
/**
 * Whoever is slower holds a connection for nothing: headers, a line on which nothing moves, a whole request with all its files. Bytes of
 * files have a pace of their own (`UPLOAD_PACE`); a proxy before us has shorter terms still.
 */
const SLOWEST = {
  http: { headersTimeout: 15_000, connectionsCheckingInterval: 5_000 },
  connectionTimeout: 120_000,
  requestTimeout: 3_600_000,
};
/** A body that is read whole before its route runs is a form or JSON: at most two megabytes. */
const WHOLE_BODY_MILLISECONDS = 30_000;
const READ_WHOLE = /^application\/(x-www-form-urlencoded|json)\b/i;
const YEAR_SECONDS = 365 * 24 * 3600;

/** The server with all its layers, without a page. Modules add their routes to it. */
export async function createServer(context: Context, parts: ServerParts): Promise<FastifyInstance> {
  const { config } = context;
  const isAway = parts.isDatabaseAway ?? (() => false);
  const app = fastify({
    loggerInstance: context.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.TRUST_PROXY > 0 ? (_address: string, hop: number) => hop < config.TRUST_PROXY : false,
    bodyLimit: MAX_FORM_BYTES,
    ...SLOWEST,
    routerOptions: { maxParamLength: 200, querystringParser: readFields },
    // Whoever came is answered, also on a connection that a proxy has kept; "connection: close" sends it elsewhere the next time.
    return503OnClosing: false,
    // An address that cannot be decoded never reaches a route: it is answered as every other wrong request.
    frameworkErrors: (error, request, reply) => {
      request.actor = { kind: 'anonymous' };
      return parts.onError(error, request, reply) as never;
    },
  });
  app.decorate('context', context);
  app.decorate('assetsVersion', versionOf(parts.assetsFolder));
  app.decorate('isLeaving', false);
  app.decorate('guard', formGuard(context));
  app.decorate('viewerOf', viewerTags(config));
  app.decorate('routes', []);
  app.decorateRequest('actor');
  app.decorateRequest('refusal', null);
  app.addHook('onRoute', (route) => {
    const access = route.config?.access ?? (route.url.startsWith(ASSETS) ? ANYONE : null);
    if (!access) throw new Error(`${route.method} ${route.url} does not say who may call it`);
    if (isForSystems(access) && access.length > 1)
      throw new Error(
        `${route.method} ${route.url} is for systems and for people: without cookies it cannot know people`,
      );
    for (const method of [route.method].flat())
      if (method !== 'HEAD' && method !== 'OPTIONS') app.routes.push({ method, url: route.url, access });
  });

  await app.register(helmet, securityHeaders(config));
  await app.register(cookie);
  await app.register(formbody, { bodyLimit: MAX_FORM_BYTES, parser: readFields });
  await app.register(multipart, { limits: { files: 1, fields: 20, fieldSize: 10_000 } });
  await app.register(rateLimit, {
    global: true,
    max: config.RATE_LIMIT_PER_MINUTE,
    timeWindow: '1 minute',
    // After the look at the session and before the rights: whoever is refused is counted too.
    hook: 'onRequest',
    keyGenerator: callerKey,
    // An office behind one address asks for the same few files; a look at the disk costs nobody anything.
    allowList: ({ url }) => url.startsWith(ASSETS),
    errorResponseBuilder: (_request, { ttl }) => tooMany(Math.ceil(ttl / 1000)),
  });
  await registerMetrics(app, context, isAway);
  await app.register(staticFiles, {
    root: parts.assetsFolder,
    prefix: ASSETS,
    preCompressed: true,
    maxAge: YEAR_SECONDS * 1000,
    immutable: true,
    // While two releases serve side by side, a page of one may ask the other: what that has is not the page's, and must not stay for a year.
    setHeaders(reply) {
      const { v } = reply.request.query as { v?: unknown };
      if (v !== undefined && v !== app.assetsVersion) reply.header('cache-control', 'no-store');
    },
  });

  app.addHook('onRequest', async (request, reply) => {
    request.actor = { kind: 'anonymous' };
    if (app.isLeaving) reply.header('connection', 'close');
    if (isAway() && !WITHOUT_DATABASE.test(request.url)) throw databaseAway();
    const access = request.routeOptions.config?.access;
    if (access && isForSystems(access)) {
      if (parts.identifySystem) request.actor = await parts.identifySystem(request);
    } else if (access && !WITHOUT_COOKIES.test(request.url)) request.actor = await parts.identify(request, reply);
  });
  app.addHook('preParsing', async (request, reply, body) => {
    if (READ_WHOLE.test(request.headers['content-type'] ?? ''))
      inTime(reply, body, parts.wholeBodyMs ?? WHOLE_BODY_MILLISECONDS);
  });
  app.addHook('preHandler', async (request, reply) => {
    if (request.is404) return;
    const { access, token, sensitive } = request.routeOptions.config ?? {};
    if (sensitive || request.actor.kind !== 'anonymous') reply.header('cache-control', 'no-store');
    if (access) authorise(request.actor, access);
    if (request.method !== 'GET' && request.method !== 'HEAD' && (token ?? 'form') === 'form') {
      // A form sends fields as text; another type would bring values that no form has.
      if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) throw new Forbidden();
      app.guard.check(request, reply, (request.body as Record<string, unknown> | undefined)?.[TOKEN_FIELD]);
    }
  });
  app.setErrorHandler(parts.onError);
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, async (request, reply) => {
    request.actor = await parts.identify(request, reply);
    return parts.onNotFound(request, reply);
  });
  return app;
}

/** A short hash of the built styles and scripts. */
function versionOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort())
    if (/\.(css|js)$/.test(name)) hash.update(readFileSync(join(folder, name)));
  return hash.digest('base64url').slice(0, 10);
}

const isForSystems = (access: readonly Role[]): boolean => access.includes('system');

const tooMany = (seconds: number): TooMany =>
  new TooMany(
    `Слишком много запросов подряд. Попробуйте снова ${seconds > 60 ? `через ${Math.ceil(seconds / 60)} мин` : 'через минуту'}.`,
    seconds,
  );

/** `form-action` names the acquirer and the issuer: Chromium blocks the redirect after a POST otherwise. */
function securityHeaders(config: Context['config']) {
  const secure = config.PUBLIC_URL.startsWith('https:');
  const outside = [new URL(config.OIDC_ISSUER).origin, ...config.ACQUIRER_PAGE_ORIGINS.split(/\s+/).filter(Boolean)];
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        formAction: ["'self'", ...outside],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: secure ? { maxAge: YEAR_SECONDS, includeSubDomains: true } : false,
    crossOriginOpenerPolicy: secure,
    originAgentCluster: secure,
    referrerPolicy: { policy: 'same-origin' as const },
  };
}
