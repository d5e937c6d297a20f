import { z } from 'zod';
import type { Bank } from './bank.ts';
import { type PaymentObject, parseInput } from './objects.ts';

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const filterSchema = z.object({
  'created_at.gte': instant.optional(),
  'created_at.gt': instant.optional(),
  'created_at.lte': instant.optional(),
  'created_at.lt': instant.optional(),
  status: z.enum(['pending', 'waiting_for_capture', 'succeeded', 'canceled']).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(10),
  cursor: z.string().optional(),
});

interface PaymentList {
  type: 'list';
  items: PaymentObject[];
  next_cursor?: string;
}

/** The shop's payments, newest first, a page at a time; the cursor is the last id shown. */
export function listPayments(bank: Bank, shopId: string, query: URLSearchParams): PaymentList {
  const filter = parseInput(filterSchema, Object.fromEntries(query));
  const found = [...bank.ledger.payments.values()]
    .filter((payment) => payment.shopId === shopId && matches(payment.object, filter))
    .map(({ object }) => object)
    .sort((a, b) => (a.created_at === b.created_at ? (a.id < b.id ? 1 : -1) : a.created_at < b.created_at ? 1 : -1));
  const start = filter.cursor ? found.findIndex(({ id }) => id === filter.cursor) + 1 : 0;
  const items = found.slice(start, start + filter.limit);
  const last = items.at(-1);
  return { type: 'list', items, ...(last && start + items.length < found.length ? { next_cursor: last.id } : {}) };
}

function matches(payment: PaymentObject, filter: z.output<typeof filterSchema>): boolean {
  const created = Date.parse(payment.created_at);
  return (
    created >= (filter['created_at.gte'] ?? Number.NEGATIVE_INFINITY) &&
    created > (filter['created_at.gt'] ?? Number.NEGATIVE_INFINITY) &&
    created <= (filter['created_at.lte'] ?? Number.POSITIVE_INFINITY) &&
    created < (filter['created_at.lt'] ?? Number.POSITIVE_INFINITY) &&
    (filter.status === undefined || filter.status === payment.status)
  );
}
