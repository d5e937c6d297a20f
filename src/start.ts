import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { makeDemo } from '../demo/index.ts';
import { type PersonRow, peopleTable } from '../demo/people-table.ts';
import { DEMO_SHOPS } from '../demo/shops.ts';
import { PEOPLE } from '../sandbox/people.ts';
import { loadReference } from './cli/reference.ts';
import { ConfigError, readConfig } from './platform/config.ts';
import { type EmbeddedPostgres, EmbeddedPostgresError, startEmbeddedPostgres } from './platform/database/embedded.ts';
import { migrate } from './platform/database/migrate.ts';
import { createContext } from './process.ts';
import { processEnvironment, readStartSettings, type StartSettings } from './start-settings.ts';
import { type Supervised, supervise, WrongSettings } from './supervise.ts';

/** Whom the sandbox lets administer the installation. */
const ADMINISTRATOR = 'platformennyy';

const say = (line: string) => console.log(line);

/** The first of the ports that another program holds, or null. */
async function findBusyPort(settings: StartSettings): Promise<string | null> {
  const names = {
    web: 'PORT',
    identity: 'IDENTITY_PORT',
    bank: 'BANK_PORT',
    mailbox: 'MAILBOX_PORT',
    smtp: 'SMTP_PORT',
  } as const;
  for (const [key, name] of Object.entries(names)) {
    const number = settings.ports[key as keyof typeof names];
    const host = key === 'smtp' ? '127.0.0.1' : settings.host;
    const problem = await new Promise<string | null>((done) => {
      const probe = createServer();
      probe.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'error'));
      probe.listen(number, host, () => probe.close(() => done(null)));
    });
    if (problem === 'EADDRINUSE')
      return `Порт ${number} занят другой программой: остановите её или задайте другой в ${name}.`;
    if (problem) return `Порт ${number} на ${host} не открыть (${problem}): проверьте HOST и ${name}.`;
  }
  return null;
}

/** The embedded server, started again on the same port whenever it ends by itself. */
class Postgres {
  private stopping = false;
  private server: EmbeddedPostgres;
  private readonly dataDir: string;

  private constructor(dataDir: string, server: EmbeddedPostgres) {
    this.dataDir = dataDir;
    this.server = server;
    this.watch();
  }

  static async start(dataDir: string): Promise<Postgres> {
    return new Postgres(dataDir, await startEmbeddedPostgres({ dataDir, say }));
  }

  get url(): string {
    return this.server.url;
  }

  private watch(): void {
    this.server.process.once('exit', () => {
      if (!this.stopping) void this.restart(500);
    });
  }

  private async restart(pause: number): Promise<void> {
    say(`PostgreSQL завершился; запускаю снова через ${(pause / 1000).toLocaleString('ru')} с`);
    await new Promise((next) => setTimeout(next, pause));
    if (this.stopping) return;
    try {
      this.server = await startEmbeddedPostgres({ dataDir: this.dataDir, port: this.server.port, say });
      this.watch();
    } catch (error) {
      say(String((error as Error).message));
      await this.restart(Math.min(pause * 2, 15_000));
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.server.stop();
  }
}

function sandboxConfig(settings: StartSettings) {
  const { ports } = settings;
  return {
    host: settings.host,
    dataDir: join(settings.dataDir, 'sandbox'),
    bank: {
      port: ports.bank,
      publicUrl: settings.bankUrl,
      shops: DEMO_SHOPS.map(({ shopId, secretKey, name }) => ({
        shopId,
        secretKey,
        name,
        webhookUrl: `http://127.0.0.1:${ports.web}/payments/notifications/${shopId}`,
      })),
    },
    identity: {
      port: ports.identity,
      publicUrl: settings.identityUrl,
      client: {
        id: 'domovoy',
        secret: 'sandbox-client-secret',
        redirectUris: [`${settings.publicUrl}/sign-in/callback`],
        postLogoutRedirectUris: [`${settings.publicUrl}/`],
      },
    },
    mailbox: { smtpPort: ports.smtp, webPort: ports.mailbox, publicUrl: settings.mailboxUrl },
  };
}

async function prepareData(environment: Record<string, string>): Promise<PersonRow[]> {
  await migrate(environment.DATABASE_URL!);
  const context = createContext(readConfig(environment), 'domovoy-start');
  try {
    await loadReference(context.db);
    await makeDemo(context, { onProgress: (line) => say(`  ${line}`) });
    return await peopleTable(context.db);
  } finally {
    await context.db.destroy();
  }
}

function printWelcome(settings: StartSettings, rows: readonly PersonRow[]): void {
  say(`\nДомовой открыт: ${settings.publicUrl}`);
  say(`  сервис входа ${settings.identityUrl} · учебный банк ${settings.bankUrl} · почта ${settings.mailboxUrl}\n`);
  say('Кем можно войти (данные вымышлены):');
  const width = Math.max(...rows.map((row) => row.login.length));
  for (const row of rows) say(`  ${row.login.padEnd(width)}  ${row.name}: ${row.shows}`);
  say('\nОстановить: Ctrl-C');
}

async function main(): Promise<void> {
  const settings = readStartSettings(process.env);
  const busy = await findBusyPort(settings);
  if (busy) throw new ConfigError(busy);
  if (!existsSync('dist/web.js')) throw new ConfigError('Нет папки dist: запустите npm start, он её соберёт.');

  const stops: (() => Promise<void>)[] = [];
  let stopping = false;
  const stopAll = async (code: number) => {
    if (stopping) return;
    stopping = true;
    for (const stop of stops.reverse()) await stop().catch((error) => say(String(error)));
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stopAll(0));

  try {
    const postgres = settings.databaseUrl ? null : await Postgres.start(settings.dataDir);
    if (postgres) stops.push(() => postgres.stop());
    const administrators = PEOPLE.filter((person) => person.login === ADMINISTRATOR).map((person) => person.sub);
    const environment = processEnvironment(settings, settings.databaseUrl ?? postgres!.url, administrators);
    const people = await prepareData(environment);

    const start = (name: string, script: string, env: Record<string, string>): Supervised => {
      const process = supervise(name, script, env, say);
      stops.push(() => process.stop());
      return process;
    };
    const sandbox = start('Песочница', 'dist/sandbox.js', { SANDBOX_CONFIG: JSON.stringify(sandboxConfig(settings)) });
    const worker = start('Исполнитель заданий', 'dist/worker.js', environment);
    const web = start('Веб-сервер', 'dist/web.js', environment);
    await Promise.all([sandbox.ready, worker.ready, web.ready]);
    printWelcome(settings, people);
  } catch (error) {
    if (error instanceof ConfigError || error instanceof EmbeddedPostgresError || error instanceof WrongSettings)
      console.error(error.message);
    else console.error(error);
    await stopAll(1);
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exit(1);
}
