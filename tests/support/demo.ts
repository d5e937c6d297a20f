import { DEMO_SHOPS, makeDemo } from '../../demo/index.ts';
import { startApplication, type TestApplication } from './application.ts';

/** The application with the demo district, a bank with its shops, and the worker. The clock stands at the given instant. */
export async function startWithDemo(
  now = '2026-11-23T09:00:00Z',
  settings: Record<string, string> = {},
): Promise<TestApplication> {
  const application = await startApplication({ shops: DEMO_SHOPS, settings: { DEMO: '1', ...settings } });
  application.context.now = new Date(now);
  await makeDemo(application.context);
  return application;
}
