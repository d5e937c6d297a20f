import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../pages/page.tsx';
import type { Context } from '../../platform/context.ts';
import { access } from './access.ts';
import { InstallationPage } from './installation-page.tsx';
import { readInstallation } from './read-installation.ts';

const PATH = '/administration';

/** What is set up, what is still missing before people can use it, and what went wrong lately. */
export function registerInstallation(app: FastifyInstance, context: Context): void {
  app.get(PATH, { config: { access: access.viewInstallation, sensitive: true } }, async (request, reply) => {
    const points = await readInstallation(context);
    return sendPage(
      request,
      reply,
      { title: 'Состояние установки', active: PATH },
      <InstallationPage {...{ points }} />,
    );
  });
}
