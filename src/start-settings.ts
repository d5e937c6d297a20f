import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError } from './platform/config.ts';

const port = z.coerce.number({ error: 'нужен номер порта от 1 до 65535' }).int().min(1).max(65535);

const schema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(3000),
  IDENTITY_PORT: port.optional(),
  BANK_PORT: port.optional(),
  MAILBOX_PORT: port.optional(),
  SMTP_PORT: port.optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'адрес вида http://192.168.1.5:3000' }).optional(),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'адрес вида postgres://пользователь:пароль@узел/база' })
    .optional(),
  CLAMD_URL: z.string().optional(),
});

export interface StartSettings {
  host: string;
  dataDir: string;
  databaseUrl: string | null;
  /** The scanner of attached files, where there is one. */
  clamdUrl: string | null;
  /** Where files lie: FILES_DIR, or the settings of S3 where any of them is given. */
  files: Record<string, string>;
  publicUrl: string;
  /** The same host as PUBLIC_URL, with the ports of the sandbox. */
  identityUrl: string;
  bankUrl: string;
  mailboxUrl: string;
  ports: { web: number; identity: number; bank: number; mailbox: number; smtp: number };
}

/** The address by which other machines of the network reach this one. */
const lanAddress = (): string | null =>
  Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)?.address ?? null;

/** @throws ConfigError that names each wrong setting */
export function readStartSettings(env: NodeJS.ProcessEnv): StartSettings {
  const read = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value)));
  if (!read.success)
    throw new ConfigError(
      read.error.issues.map((issue) => `Неверная настройка ${String(issue.path[0])}: ${issue.message}`).join('\n'),
    );
  const { HOST, PORT, DATA_DIR, DATABASE_URL, CLAMD_URL, ...given } = read.data;
  const ports = {
    web: PORT,
    identity: given.IDENTITY_PORT ?? PORT + 1,
    bank: given.BANK_PORT ?? PORT + 2,
    mailbox: given.MAILBOX_PORT ?? PORT + 3,
    smtp: given.SMTP_PORT ?? PORT + 4,
  };
  if (new Set(Object.values(ports)).size < 5)
    throw new ConfigError(
      `Порты PORT, IDENTITY_PORT, BANK_PORT, MAILBOX_PORT и SMTP_PORT должны быть разными: ${Object.values(ports).join(', ')}`,
    );
  const everywhere = HOST === '0.0.0.0' || HOST === '::';
  const visible = everywhere
    ? (lanAddress() ?? 'localhost')
    : HOST === '127.0.0.1' || HOST === '::1'
      ? 'localhost'
      : HOST;
  const publicUrl = new URL(given.PUBLIC_URL ?? `http://${visible}:${PORT}`);
  const beside = (number: number) => `http://${publicUrl.hostname}:${number}`;
  return {
    host: HOST,
    dataDir: resolve(DATA_DIR),
    databaseUrl: DATABASE_URL ?? null,
    clamdUrl: CLAMD_URL ?? null,
    files: filesOf(env, resolve(DATA_DIR)),
    publicUrl: publicUrl.origin,
    identityUrl: beside(ports.identity),
    bankUrl: beside(ports.bank),
    mailboxUrl: beside(ports.mailbox),
    ports,
  };
}

function filesOf(env: NodeJS.ProcessEnv, dataDir: string): Record<string, string> {
  const given = Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const s3 = given.filter(([name]) => name.startsWith('S3_'));
  return s3.length > 0 ? Object.fromEntries(s3) : { FILES_DIR: env.FILES_DIR || join(dataDir, 'files') };
}

/** A key of this installation, made at the first start and kept with its data. */
export function installationSecret(dataDir: string): string {
  const path = join(dataDir, 'secret-key');
  if (!existsSync(path)) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600 });
  }
  return readFileSync(path, 'utf8').trim();
}

/** The environment of the production entries, as this start would have an operator write it. */
export function processEnvironment(
  settings: StartSettings,
  databaseUrl: string,
  administrators: readonly string[],
): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    HOST: settings.host,
    PORT: String(settings.ports.web),
    PUBLIC_URL: settings.publicUrl,
    SECRET_KEY: installationSecret(settings.dataDir),
    OIDC_ISSUER: settings.identityUrl,
    OIDC_CLIENT_ID: 'domovoy',
    OIDC_CLIENT_SECRET: 'sandbox-client-secret',
    OIDC_PROMPT: 'login',
    ADMINISTRATORS: administrators.join(','),
    ACQUIRER_API_URL: `http://127.0.0.1:${settings.ports.bank}/v3`,
    ACQUIRER_PAGE_ORIGINS: settings.bankUrl,
    SMTP_URL: `smtp://127.0.0.1:${settings.ports.smtp}`,
    MAIL_FROM: 'Домовой <domovoy@example.test>',
    ...settings.files,
    OPERATOR_NAME: 'Демонстрационный стенд «Домовой»',
    SUPPORT_EMAIL: 'help@example.test',
    SUPPORT_PHONE: '+7 000 000-00-00',
    LOG_LEVEL: 'warn',
    DEMO: '1',
    ...(settings.clamdUrl && { CLAMD_URL: settings.clamdUrl }),
  };
}
