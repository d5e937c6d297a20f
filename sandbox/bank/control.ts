import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { readBody, sendJson } from '../http.ts';
import type { Bank } from './bank.ts';
import type { ShopMood } from './ledger.ts';

/**
 * POST /control, JSON, from this machine only: how a shop's next operations go wrong.
 * - late: stored, answered 35 s later, 202 to repeats meanwhile; 500 and 202: stored, answered so, repeats get the truth;
 *   lost: not stored, answered 500.
 * - refunds: decline makes new refunds end as canceled.
 */
const controlSchema = z.strictObject({
  shopId: z.string(),
  fault: z.enum(['late', '500', '202', 'lost']).nullable().default(null),
  /** How many new operations; absent or null: until switched off by another call. */
  times: z.int().min(1).nullable().default(null),
  refunds: z.enum(['succeed', 'decline']).default('succeed'),
});

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

export async function control(bank: Bank, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A proxy on this machine would make everybody local: forwarded requests are not.
  const forwarded = request.headers.forwarded ?? request.headers['x-forwarded-for'];
  if (!LOOPBACK.test(request.socket.remoteAddress ?? '') || forwarded) {
    return sendJson(response, 403, { error: 'from this machine only' });
  }
  if (request.method === 'GET') return sendJson(response, 200, [...bank.ledger.moods.values()]);
  // JSON only: a page in a browser cannot send it across origins without asking first.
  if (request.method !== 'POST' || !request.headers['content-type']?.startsWith('application/json')) {
    return sendJson(response, 405, { error: 'POST application/json' });
  }
  const parsed = z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue('not JSON');
        return z.NEVER;
      }
    })
    .pipe(controlSchema)
    .safeParse(await readBody(request));
  if (!parsed.success) return sendJson(response, 400, { error: z.prettifyError(parsed.error) });
  if (!bank.shops.has(parsed.data.shopId)) return sendJson(response, 404, { error: 'no such shop' });
  const mood: ShopMood = parsed.data;
  bank.ledger.commit({ moods: [mood] });
  sendJson(response, 200, mood);
}
