import { makeKey } from '../../src/modules/organisations/api-keys.ts';
import type { Context } from '../../src/platform/context.ts';
import { newId, type OrganisationId, type PersonId } from '../../src/platform/ids.ts';
import { clerkOf } from './rows.ts';

/** Makes a key as the head would. @returns the token */
export async function buildKey(context: Context, organisationId: OrganisationId, head: PersonId): Promise<string> {
  const form = { name: '1С', term: '365' as const, formKey: newId<never>() as string };
  return (await makeKey(context, clerkOf(head, organisationId, 'head'), form))!;
}

/** A program with a key: sends JSON, keeps no cookie, follows no redirect. */
export class System {
  private readonly base: string;
  private readonly token: string;

  constructor(base: string, token: string) {
    this.base = base;
    this.token = token;
  }

  get = (path: string) => this.send(path, {});
  post = (path: string, body: unknown) =>
    this.send(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'idempotency-key': newId<never>() },
    });

  private async send(path: string, init: RequestInit & { headers?: Record<string, string> }) {
    const url = new URL(path, this.base).href;
    const headers = { authorization: `Bearer ${this.token}`, ...init.headers };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    return { status: response.status, url: response.headers.get('location') ?? url, html: await response.text() };
  }
}
