import type { FastifyInstance } from 'fastify';
import type { Player } from './world.ts';

export interface Answer {
  status: number;
  location: string;
  body: string;
  headers: Record<string, string | string[] | number | undefined>;
}

/** The token of its forms, or a program's JSON. No redirect is followed: where it leads is the answer. */
export class Asker {
  private readonly app: FastifyInstance;
  readonly player: Player;
  private headers: Record<string, string> = {};
  private token = '';

  constructor(app: FastifyInstance, player: Player) {
    this.app = app;
    this.player = player;
  }

  /** Signs in anew. */
  async enter(): Promise<this> {
    this.headers = await this.player.headers();
    if (this.player.roles.has('system')) return this;
    const [, sessionId] = this.cookie.split('.');
    if (sessionId) {
      const { organisationId, through } = this.player;
      const acting = organisationId && { organisationId, through: through && { organisationId: through } };
      const actor = { kind: 'person', sessionId, acting };
      this.token = this.app.guard.tokenFor({ actor } as never, undefined as never);
      return this;
    }
    const page = await this.app.inject({ url: '/vision', headers: this.headers });
    const cookies = [this.headers.cookie, ...page.cookies.map(({ name, value }) => `${name}=${value}`)];
    this.headers = { cookie: cookies.filter(Boolean).join('; ') };
    this.token = /name="_token" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    return this;
  }

  get cookie(): string {
    return this.headers.cookie ?? '';
  }

  get formToken(): string {
    return this.token;
  }

  /** @param given headers instead of those of a browser of ours */
  async ask(
    method: string,
    url: string,
    fields: Record<string, string> = {},
    given: Record<string, string> = {},
  ): Promise<Answer> {
    const isSystem = this.player.roles.has('system');
    const form = isSystem ? JSON.stringify(fields) : new URLSearchParams({ _token: this.token, ...fields }).toString();
    const type = isSystem ? 'application/json' : 'application/x-www-form-urlencoded';
    const answer = await this.app.inject({
      method: method as 'GET',
      url,
      headers: { accept: 'text/html', ...this.headers, ...(method !== 'GET' && { 'content-type': type }), ...given },
      ...(method !== 'GET' && { payload: form }),
    });
    const location = String(answer.headers.location ?? '');
    return { status: answer.statusCode, location, body: answer.body, headers: answer.headers };
  }
}

/** Led away to the entrance is as good as refused. */
export const isRefused = ({ status, location }: Answer): boolean =>
  status === 401 || status === 403 || (status === 303 && /^\/(sign-in|welcome)\b/.test(location));

/** Runs so many at a time: one process answers them all, but it need not wait for the database. */
export async function inTurns<T>(things: readonly T[], run: (thing: T) => Promise<void>, width = 16): Promise<void> {
  const queue = things.values();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const thing of queue) await run(thing);
    }),
  );
}
