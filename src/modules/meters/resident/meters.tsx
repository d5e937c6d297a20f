import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendPage } from '../../../pages/page.tsx';
import { personOf } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { NotFound } from '../../../platform/errors.ts';
import { contentDisposition } from '../../../platform/http/content-disposition.ts';
import { idParam } from '../../../platform/http/forms.ts';
import { type HouseId, isUuid, type MeterId, type ReadingId } from '../../../platform/ids.ts';
import { parseDay } from '../../../platform/month.ts';
import { recordShareLooks } from '../../accounts/index.ts';
import { findItem } from '../../classifiers/index.ts';
import { access } from '../access.ts';
import type { Reading } from '../meter.ts';
import type { OwnMeter } from '../present-meter.ts';
import { selectDeliveries, selectHistory } from '../queries/readings.ts';
import { type OwnHome, type OwnMeters, readOwnMeters } from '../read-own-meters.ts';
import type { HistoryView } from './history.tsx';
import { MeterListPage } from './meter-list-page.tsx';
import { MeterPage } from './meter-page.tsx';
import { readingsCsv } from './readings-csv.ts';

const PAGE = 12;
/** More values than a device has in its life. */
const ALL = 5000;

/** «Приборы учёта»: the list, one device with its history, and the history as a file. */
export function registerOwnMeters(app: FastifyInstance, context: Context): void {
  const config = { access: access.viewMeters, sensitive: true };
  const home = { href: '/', label: 'Главная' };
  const list = { href: '/meters', label: 'Приборы учёта' };

  app.get('/meters', { config }, async (request, reply) => {
    const view = await readOwnMeters(context, personOf(request.actor).personId, { archived: true });
    await recordShareLooks(context.db, view.links, { kind: 'meters', what: 'список' }, context.clock());
    return sendPage(
      request,
      reply,
      { title: 'Приборы учёта', active: '/meters', breadcrumbs: [home, { label: list.label }] },
      <MeterListPage view={view} />,
    );
  });

  app.get('/meters/:houseId/:meterId', { config }, async (request, reply) => {
    const { own, home: place, view } = await findOwn(context, request);
    const { personId } = personOf(request.actor);
    const { after } = request.query as { after?: string };
    const path = `/meters/${own.houseId}/${own.meter.meterId}`;
    const [history, reason] = await Promise.all([readHistory(context, own, path, after), reasonOf(context, own)]);
    return sendPage(
      request,
      reply,
      {
        title: `Прибор учёта № ${own.meter.serial}`,
        active: '/meters',
        breadcrumbs: [home, list, { label: `№ ${own.meter.serial}` }],
      },
      <MeterPage
        home={place}
        providers={view.providers}
        photoOf={(reading) => photoPath(path, reading, personId)}
        {...{ own, history, reason }}
      />,
    );
  });

  app.get('/meters/:houseId/:meterId/readings.csv', { config }, async (request, reply) => {
    const { own, home: place, view } = await findOwn(context, request);
    const readings = await selectHistory(context.db, own.houseId, own.meter.meterId, { after: null, limit: ALL });
    const deliveries = await deliveriesOf(context, own, readings);
    return reply
      .type('text/csv; charset=utf-8')
      .header(
        'content-disposition',
        contentDisposition('attachment', `Показания ${own.meter.serial}.csv`, 'readings.csv'),
      )
      .send(readingsCsv(own.meter, readings, deliveries, view.providers, place.house.zone));
  });
}

/** НСИ 21: why a device was taken away; НСИ 224: why it does not work. */
async function reasonOf({ db }: Context, { meter }: OwnMeter): Promise<string | null> {
  const [registry, code] = meter.state === 'archived' ? [21, meter.archiveReason] : [224, meter.brokenReason];
  return code ? ((await findItem(db, registry, code))?.name ?? null) : null;
}

/** A picture is shown to whoever sent it. */
const photoPath = (path: string, { photoId, personId }: Reading, viewer: string): string | null =>
  photoId && personId === viewer ? `${path}/photos/${photoId}` : null;

/** @throws NotFound for a device of no connected account */
async function findOwn(
  context: Context,
  { params, actor }: FastifyRequest,
): Promise<{ own: OwnMeter; home: OwnHome; view: OwnMeters }> {
  const only = { houseId: idParam<HouseId>(params, 'houseId'), meterId: idParam<MeterId>(params, 'meterId') };
  const view = await readOwnMeters(context, personOf(actor).personId, { archived: true, only });
  const [home] = view.homes;
  const own = home?.meters[0];
  if (!home || !own) throw new NotFound();
  const { meterId, serial, accounts } = own.meter;
  const of = view.links.filter((link) => accounts.some(({ accountId }) => accountId === link.accountId));
  if (of.every(({ share }) => share !== null))
    await recordShareLooks(context.db, of, { kind: 'meters', thingId: meterId, what: `№ ${serial}` }, context.clock());
  return { own, home, view };
}

/** The last row seen, in the address: "2026-10-23T09:00:00.000Z_<id>". Anything else is the first page. */
function readKey(text: string | undefined): { enteredAt: Date; readingId: ReadingId } | null {
  const [entered = '', readingId = ''] = (text ?? '').split('_');
  const enteredAt = new Date(entered);
  if (!parseDay(entered) || Number.isNaN(enteredAt.getTime()) || !isUuid(readingId)) return null;
  return { enteredAt, readingId: readingId as ReadingId };
}

/** What became of readings with each provider, by reading. */
async function deliveriesOf(
  { db }: Pick<Context, 'db'>,
  { houseId }: Pick<OwnMeter, 'houseId'>,
  readings: readonly Reading[],
): Promise<HistoryView['deliveries']> {
  const ids = readings.map(({ readingId }) => readingId);
  return Map.groupBy(await selectDeliveries(db, houseId, ids), ({ readingId }) => readingId);
}

async function readHistory(
  { db }: Context,
  { houseId, meter }: OwnMeter,
  path: string,
  after: string | undefined,
): Promise<HistoryView> {
  const key = readKey(after);
  const rows = await selectHistory(db, houseId, meter.meterId, { after: key, limit: PAGE + 1 });
  const readings = rows.slice(0, PAGE);
  const last = rows.length > PAGE ? readings.at(-1) : undefined;
  return {
    readings,
    deliveries: await deliveriesOf({ db }, { houseId }, readings),
    newer: key ? `${path}#history` : undefined,
    older: last && `${path}?after=${last.enteredAt.toISOString()}_${last.readingId}#history`,
  };
}
