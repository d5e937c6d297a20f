import { createApp } from './app.ts';
import { configOrExit, createContext, stopGracefully } from './process.ts';

const config = configOrExit();
const context = createContext(config, 'domovoy-web');
const app = await createApp(context);
stopGracefully(context.log, async () => {
  await app.close();
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
