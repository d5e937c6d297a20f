import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';

const isSecure = ({ PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>): boolean => PUBLIC_URL.startsWith('https:');

/**
 * Behind https a browser takes a cookie of such a name over https alone and from this very host: no other host of the domain and no
 * line in the clear puts a session of its own there. It must be secure, have the path `/` and no domain, and so must its removal.
 */
export const cookieName = (config: Pick<Config, 'PUBLIC_URL'>, name: string): string =>
  isSecure(config) ? `__Host-${name}` : name;

export const readCookie = ({ cookies, server }: FastifyRequest, name: string): string | undefined =>
  cookies?.[cookieName(server.context.config, name)];

const attributes = ({ server }: FastifyReply) => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax' as const,
  secure: isSecure(server.context.config),
});

/** Also for what is left of this very request. @param seconds how long; without it until the browser is closed */
export function keepCookie(reply: FastifyReply, name: string, value: string, seconds?: number): void {
  const full = cookieName(reply.server.context.config, name);
  reply.setCookie(full, value, { ...attributes(reply), ...(seconds !== undefined && { maxAge: seconds }) });
  reply.request.cookies[full] = value;
}

export const dropCookie = (reply: FastifyReply, name: string): FastifyReply =>
  reply.clearCookie(cookieName(reply.server.context.config, name), attributes(reply));
