import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { BankConfig } from '../config.ts';
import { closeServer, listen, type Running, readForm, redirect, sendJson } from '../http.ts';
import { sendPage } from '../page.tsx';
import { type Schedule, wallClockSchedule } from '../schedule.ts';
import { callApi } from './api.ts';
import type { Bank } from './bank.ts';
import { control } from './control.ts';
import { openLedger } from './ledger.ts';
import { ApiError } from './objects.ts';
import { OUTCOMES, type Outcome, play } from './outcomes.ts';
import { FrontPage, NoPaymentPage, PayPage } from './pay-page.tsx';
import { watch } from './payments.ts';
import { deliver } from './webhooks.ts';

/** Opens the journal, takes up what was under way when the bank last stopped, and listens. */
export async function startBank(config: BankConfig, schedule: Schedule = wallClockSchedule()): Promise<Running> {
  const closing = new AbortController();
  let url = config.publicUrl ?? '';
  const bank: Bank = {
    shops: new Map(config.shops.map((shop) => [shop.shopId, shop])),
    ledger: openLedger(join(config.dataDir, 'bank.journal')),
    schedule,
    url: () => url,
    inFlight: new Set(),
    closing: closing.signal,
  };
  const server = createServer((request, response) => {
    answer(bank, request, response).catch((error: unknown) => {
      console.error('sandbox bank:', error);
      if (!response.headersSent) sendJson(response, 500, new ApiError(500, 'internal_server_error', 'Unknown').body);
    });
  });
  url = await listen(server, config.host, config.port, config.publicUrl);
  for (const payment of bank.ledger.payments.values()) watch(bank, payment);
  for (const { id } of bank.ledger.deliveries.values()) deliver(bank, id);
  return {
    url,
    async close() {
      closing.abort();
      schedule.stop();
      await closeServer(server);
      bank.ledger.close();
    },
  };
}

async function answer(bank: Bank, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://bank');
  if (url.pathname.startsWith('/v3/')) {
    const { status, body } = await callApi(bank, request, url);
    return sendJson(response, status, body);
  }
  if (url.pathname === '/control') return control(bank, request, response);
  const id = /^\/pay\/([^/]+)$/.exec(url.pathname)?.[1];
  if (id) return pay(bank, id, request, response);
  if (url.pathname === '/') return sendPage(response, 200, <FrontPage bank={bank} />);
  sendPage(response, 404, <NoPaymentPage />);
}

async function pay(bank: Bank, id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const payment = bank.ledger.payments.get(id);
  if (!payment) return sendPage(response, 404, <NoPaymentPage />);
  const returnUrl = payment.object.confirmation!.return_url;
  if (request.method !== 'POST') {
    return sendPage(response, 200, <PayPage bank={bank} payment={payment} />, [returnUrl]);
  }
  const wish = (await readForm(request)).get('outcome') as Outcome;
  if (!OUTCOMES.includes(wish)) return redirect(response, `/pay/${id}`);
  // Read again: another tab may have decided while the form was on its way.
  play(bank, bank.ledger.payments.get(id)!, wish);
  redirect(response, returnUrl);
}
