import { setTimeout } from 'node:timers/promises';
import { createApp } from './app.ts';
import { watchDatabase } from './platform/database/watch.ts';
import { configOrExit, createContext, stopGracefully } from './process.ts';

const config = configOrExit();
/** A person at a page is told sooner that it is too much, or that nobody answers. */
const PATIENCE_MS = 2000;

const context = createContext(config, 'domovoy-web', PATIENCE_MS);
const watch = watchDatabase(context.pool, config.DATABASE_URL);
const app = await createApp(context, { isDatabaseAway: watch.isAway });
stopGracefully(context.log, async () => {
  // The proxy learns of it before the door closes.
  app.isLeaving = true;
  await setTimeout(config.DRAIN_SECONDS * 1000);
  await app.close();
  await watch.stop();
  await context.db.destroy();
});
try {
  await app.listen({ host: config.HOST, port: config.PORT });
} catch (error) {
  const { code } = error as NodeJS.ErrnoException;
  console.error(
    code === 'EADDRINUSE'
      ? `Порт ${config.PORT} занят другой программой: остановите её или задайте другой в PORT.`
      : `Не удалось открыть ${config.HOST}:${config.PORT}: ${code ?? error}`,
  );
  process.exit(2);
}
process.send?.({ ready: true });
