import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../pages/page.tsx';
import type { Context } from '../../platform/context.ts';
import { selectDamaged, selectStoreHealth } from '../../platform/files/queries.ts';
import { access } from './access.ts';
import { StoragePage } from './storage-page.tsx';

const PATH = '/administration/files';
/** What is lost together is mended together: the rest shows itself afterwards. */
const SHOWN = 100;

/** The administrator sees whether the store still has every file as it was put. */
export function registerStorage(app: FastifyInstance, context: Context): void {
  app.get(PATH, { config: { access: access.viewStorage, sensitive: true } }, async (request, reply) => {
    const { db, files, clock } = context;
    const [health, damaged] = await Promise.all([selectStoreHealth(db), selectDamaged(db, SHOWN)]);
    return sendPage(
      request,
      reply,
      { title: 'Хранилище файлов', active: PATH },
      <StoragePage place={files.place} health={health} damaged={damaged} now={clock()} />,
    );
  });
}
