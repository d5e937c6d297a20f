import { createHash, hkdfSync } from 'node:crypto';
import { z } from 'zod';
import { isClamdUrl } from './attachments/scan/clamd.ts';

const flag = z.enum(['0', '1']).transform((value) => value === '1');
const port = z.coerce.number().int().min(1).max(65535);

/** Every setting of the production entries. Each is read from the environment and checked at start. */
export const settings = z.object({
  DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: 'адрес базы вида postgres://пользователь:пароль@узел/база',
  }),
  /** The same database by a direct address, when DATABASE_URL goes through a transaction pooler. */
  QUEUE_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(2).max(200).default(10),
  /** 0 behind a transaction pooler. */
  NAMED_STATEMENTS: flag.default(true),
  HOST: z.string().default('0.0.0.0'),
  PORT: port.default(3000),
  /** What people type: redirects, links in letters and the origin check stand on it. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'адрес вида https://дом.пример.рф' })
    .transform((url) => url.replace(/\/+$/, '')),
  /** Behind a reverse proxy: how many hops of X-Forwarded-For to believe. */
  TRUST_PROXY: z.coerce.number().int().min(0).default(0),
  /** How long a web process that was told to end goes on answering: a proxy looks at /health/live more often than that. */
  DRAIN_SECONDS: z.coerce.number().int().min(0).max(10).default(0),
  /** At least 32 characters. Seals shop secrets and signs form tokens; losing it loses the sealed secrets. */
  SECRET_KEY: z.string().min(32, 'нужно не меньше 32 знаков; например, вывод команды: openssl rand -hex 32'),
  OIDC_ISSUER: z.url(),
  OIDC_CLIENT_ID: z.string().min(1),
  OIDC_CLIENT_SECRET: z.string().min(1),
  OIDC_SCOPES: z.string().default('openid profile email phone snils organizations'),
  /** "login" makes the provider ask who it is every time: for shared computers and for trying several people. */
  OIDC_PROMPT: z.enum(['login', 'consent', 'select_account']).optional(),
  /** Claim that says whether the provider has confirmed the person («подтверждённая учётная запись»). */
  OIDC_CONFIRMED_CLAIM: z.string().default('trusted'),
  /** Ways of signing in that are strong enough, as the provider names them (`acr`), separated by spaces; without it any way is. */
  OIDC_ACR_VALUES: z
    .string()
    .default('')
    .transform((text) => text.split(/\s+/).filter(Boolean)),
  /** Subjects of the issuer who administer the installation, separated by commas. */
  ADMINISTRATORS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    ),
  ACQUIRER_API_URL: z.url().default('https://api.yookassa.ru/v3'),
  /** Origins the pay page may be on: they enter the form-action of the content policy. */
  ACQUIRER_PAGE_ORIGINS: z.string().default('https://yoomoney.ru https://yookassa.ru'),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'адрес вида smtp://пользователь:пароль@узел:587' }),
  MAIL_FROM: z.string().min(3),
  /** Files lie in this folder, or in the bucket of S3_BUCKET: one of the two is set. */
  /**
   * The pair of keys by which push services know the installation (RFC 8292), in base64url. Without them a pair is made and kept sealed
   * in the database. Another pair ends all devices that were turned on with the old one.
   */
  VAPID_PUBLIC_KEY: z
    .string()
    .regex(/^B[\w-]{86}$/, 'открытый ключ P-256, 87 знаков base64url')
    .optional(),
  VAPID_PRIVATE_KEY: z
    .string()
    .regex(/^[\w-]{43}$/, 'закрытый ключ P-256, 43 знака base64url')
    .optional(),
  /** 1 lets notifications go to http and to addresses of a private network: for trials alone, browsers name such addresses to nobody else. */
  PUSH_ALLOW_PRIVATE: flag.default(false),
  FILES_DIR: z.string().min(1).optional(),
  /** Where the store is, unless it is Amazon's own. */
  S3_ENDPOINT: z.url({ protocol: /^https?$/, error: 'адрес вида https://storage.пример.рф' }).optional(),
  S3_BUCKET: z.string().min(1).optional(),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  /** 1 where the bucket is a part of the path and not of the host name: MinIO, Ceph. */
  S3_FORCE_PATH_STYLE: flag.default(false),
  /** A scanner of viruses for files that people attach. Without it the pages say that files are not scanned. */
  CLAMD_URL: z.string().refine(isClamdUrl, 'адрес вида unix:/run/clamav/clamd.ctl или tcp://узел:3310').optional(),
  OPERATOR_NAME: z.string().min(1),
  SUPPORT_EMAIL: z.email(),
  SUPPORT_PHONE: z.string().default(''),
  /** Requests of one person, or of one address that has not signed in, in a minute. */
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(10).default(600),
  /** Whoever shows it as a bearer token may read /metrics from another machine. */
  METRICS_TOKEN: z.string().min(16, 'нужно не меньше 16 знаков').optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** The page says «Демонстрационные данные» everywhere. Set by `npm start` while it made the data itself. */
  DEMO: flag.default(false),
  SESSION_IDLE_MINUTES: z.coerce
    .number()
    .int()
    .min(5)
    .default(12 * 60),
  SESSION_DAYS: z.coerce.number().int().min(1).max(90).default(30),
});

export type Config = z.output<typeof settings>;

/** Settings that cannot be used, each named on a line of its own. */
export class ConfigError extends Error {}

/** @throws ConfigError that names every wrong setting at once */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const present = presentIn(env);
  return settled(settings.safeParse(present), present);
}

const presentIn = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])));

function settled<T>(read: z.ZodSafeParseResult<T>, present: Record<string, string>): T {
  const together = [...wrongFileSettings(present), ...halfKeys(present)];
  if (read.success && together.length === 0) return read.data;
  const lines = (read.error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0]);
    return present[name] === undefined ? `${name}: не задано` : `${name}: ${issue.message}`;
  });
  lines.push(...together);
  throw new ConfigError(`Неверные настройки:\n${[...new Set(lines)].map((line) => `  ${line}`).join('\n')}`);
}

const fileSettings = settings.pick({
  FILES_DIR: true,
  S3_ENDPOINT: true,
  S3_BUCKET: true,
  S3_REGION: true,
  S3_ACCESS_KEY_ID: true,
  S3_SECRET_ACCESS_KEY: true,
  S3_FORCE_PATH_STYLE: true,
});

/** Where files are, for programs that need nothing else of the settings. @throws ConfigError as `readConfig` */
export function readFileSettings(env: NodeJS.ProcessEnv): z.output<typeof fileSettings> {
  const present = presentIn(env);
  return settled(fileSettings.safeParse(present), present);
}

const halfKeys = (present: Record<string, unknown>): string[] =>
  (present.VAPID_PUBLIC_KEY === undefined) === (present.VAPID_PRIVATE_KEY === undefined)
    ? []
    : ['VAPID_PUBLIC_KEY и VAPID_PRIVATE_KEY: задаются вместе'];

/** Files are in one place: with two, half of them would be looked for in the other. */
function wrongFileSettings(present: Record<string, unknown>): string[] {
  const given = Object.keys(present).filter((name) => name.startsWith('S3_'));
  if (present.FILES_DIR !== undefined)
    return given.length > 0 ? [`FILES_DIR: задано вместе с ${given.join(', ')}; оставьте папку или хранилище S3`] : [];
  if (given.length === 0) return ['FILES_DIR: не задано (или S3_BUCKET и другие S3_…, если файлы в хранилище S3)'];
  return ['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']
    .filter((name) => present[name] === undefined)
    .map((name) => `${name}: не задано`);
}

/** A 32-byte key for one purpose, derived from SECRET_KEY. */
export function deriveKey(config: Pick<Config, 'SECRET_KEY'>, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', config.SECRET_KEY, '', purpose, 32));
}

export const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();
