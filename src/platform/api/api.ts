import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { authorise, type Role, type System, systemOf } from '../access.ts';
import type { Context } from '../context.ts';
import { NotSignedIn } from '../errors.ts';
import { registerOpenApi } from './openapi.ts';
import { handleNoRoute, handleProblem } from './problem.ts';
import { readInput } from './read.ts';

/** What the description of the API is made of: the very schemas that read the request and write the answer. */
export interface ApiOperation {
  /** The operation's name in programs that are generated from the description. */
  name: string;
  summary: string;
  description: string;
  query?: z.ZodType;
  headers?: z.ZodType;
  body?: z.ZodType;
  answer: z.ZodType;
  /** Statuses of refusals beyond those that every operation has. */
  refusals?: readonly number[];
}

export interface ApiRoute<
  Query extends z.ZodType,
  Headers extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> extends ApiOperation {
  method: 'GET' | 'POST';
  /** Below /api/v1. */
  path: string;
  access: readonly Role[];
  query?: Query;
  headers?: Headers;
  body?: Body;
  answer: Answer;
  handle(call: {
    system: System;
    query: z.output<Query>;
    headers: z.output<Headers>;
    body: z.output<Body>;
  }): Promise<z.input<Answer>>;
}

export interface Api {
  add<Query extends z.ZodType, Headers extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType>(
    route: ApiRoute<Query, Headers, Body, Answer>,
  ): void;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: ApiOperation;
  }
}

export const API_PATH = '/api/v1';
const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** The JSON API of organisations' systems: own errors, JSON alone, keys in place of cookies (so there is no form token either). */
export function registerApi(
  app: FastifyInstance,
  context: Context,
  parts: readonly ((api: Api, context: Context) => void)[],
): void {
  const noRoute = { preHandler: app.rateLimit() };
  app.register(
    async (scope) => {
      scope.setErrorHandler(handleProblem);
      scope.setNotFoundHandler(noRoute, handleNoRoute);
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser(
        'application/json',
        { parseAs: 'string', bodyLimit: MAX_BODY_BYTES },
        scope.getDefaultJsonParser('error', 'error'),
      );
      // Before the body is read: whoever has no key makes us read nothing.
      scope.addHook('preParsing', async (request) => {
        const { access } = request.routeOptions.config;
        if (!access?.includes('system')) return;
        if (request.refusal) throw new NotSignedIn(request.refusal);
        if (request.actor.kind === 'anonymous')
          throw new NotSignedIn('Нужен действующий ключ: Authorization: Bearer dm_… Ключи выпускает руководитель.');
        authorise(request.actor, access);
      });
      await registerOpenApi(scope, context);
      for (const part of parts) part(apiOn(scope), context);
    },
    { prefix: API_PATH },
  );
}

const apiOn = (scope: FastifyInstance): Api => ({
  add({ method, path, access, handle, ...operation }) {
    scope.route({
      method,
      url: path,
      config: { access, token: 'none', operation },
      handler: async (request, reply) => {
        const { query, headers, body, answer } = operation;
        const given = await handle({
          system: systemOf(request.actor),
          query: (query ? readInput(query, request.query) : undefined) as never,
          headers: (headers ? readInput(headers, request.headers) : undefined) as never,
          body: (body ? readInput(body, request.body) : undefined) as never,
        });
        // What the description does not name does not leave the house.
        return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer.parse(given)));
      },
    });
  },
});
