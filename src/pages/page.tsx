import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ComponentChildren } from 'preact';
import type { Acting } from '../platform/access.ts';
import { readCookie } from '../platform/http/cookies.ts';
import { VIEWER_HEADER } from '../platform/http/viewer.ts';
import { type Crumb, Layout, parseVision, renderPage, VISION_COOKIE } from '../ui/index.ts';
import { LookedAtBy } from './doors.tsx';
import { navigationFor } from './navigation.ts';

export interface PageOptions {
  title: string;
  /** Path of the menu item that the page belongs to. */
  active?: string;
  breadcrumbs?: Crumb[];
  /** Custom elements the page uses, by file name. */
  elements?: string[];
  status?: number;
  /** Reloads the page where script is off: for pages that show progress. */
  refreshSeconds?: number;
}

/** Answers with a complete page in the layout: menu by who is signed in, the low-vision version by cookie. */
export function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  options: PageOptions,
  children: ComponentChildren,
): FastifyReply {
  const { actor } = request;
  const person = actor.kind === 'person' ? actor : null;
  const { config } = request.server.context;
  const html = renderPage(
    <Layout
      title={options.title}
      viewer={person ? { name: person.name, csrfToken: request.server.guard.tokenFor(request, reply) } : null}
      nav={navigationFor(actor)}
      {...(options.active ? { active: options.active } : {})}
      {...(options.breadcrumbs ? { breadcrumbs: options.breadcrumbs } : {})}
      {...(person?.acting ? { actingAs: namedActing(person.acting) } : {})}
      {...(options.elements ? { elements: options.elements } : {})}
      vision={parseVision(readCookie(request, VISION_COOKIE))}
      {...(options.refreshSeconds ? { refreshSeconds: options.refreshSeconds } : {})}
      footer={{ operator: config.OPERATOR_NAME, email: config.SUPPORT_EMAIL, phone: config.SUPPORT_PHONE }}
      assetsVersion={request.server.assetsVersion}
      demo={config.DEMO}
      path={request.url}
    >
      <LookedAtBy actor={actor}>{children}</LookedAtBy>
    </Layout>,
  );
  return reply
    .code(options.status ?? reply.statusCode)
    .header(VIEWER_HEADER, request.server.viewerOf(actor).header)
    .type('text/html; charset=utf-8')
    .send(html);
}

/** «АО «РЦ» для ООО «УК»» where a settlement centre does the work of another organisation. */
const namedActing = ({ name, through }: Acting): string => (through ? `${through.name} для ${name}` : name);

/** The token that a form of this page must carry. */
export const formToken = (request: FastifyRequest, reply: FastifyReply): string =>
  request.server.guard.tokenFor(request, reply);

/** Scripts ask for JSON; pages and people never do. */
export const wantsJson = ({ headers: { accept = '' } }: FastifyRequest): boolean =>
  accept.includes('application/json') && !accept.includes('text/html');
