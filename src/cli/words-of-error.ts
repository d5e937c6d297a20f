/** What an operator does about an error of the network, of a certificate, of a folder, or of the database, by its code. */
const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'там никто не слушает: проверьте, запущена ли служба и верны ли узел и порт',
  ECONNRESET: 'соединение оборвано: проверьте порт и сетевой экран',
  ENOTFOUND: 'имени нет в DNS: проверьте узел',
  EAI_AGAIN: 'DNS не отвечает',
  ETIMEDOUT: 'нет ответа: проверьте узел и сетевой экран',
  EACCES: 'нет прав: папка или сокет должны быть открыты пользователю программы',
  ENOENT: 'такого файла, папки или сокета нет',
  EAUTH: 'имя или пароль не приняты',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'сертификат подписан самим собой; своему центру верят, когда он добавлен в систему (update-ca-certificates)',
  SELF_SIGNED_CERT_IN_CHAIN:
    'сертификат неизвестного центра; ему верят, когда он добавлен в систему (update-ca-certificates)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'сервер не показывает промежуточный сертификат',
  CERT_HAS_EXPIRED: 'срок сертификата вышел',
  ERR_TLS_CERT_ALTNAME_INVALID: 'сертификат на другое имя',
  ERR_SSL_WRONG_VERSION_NUMBER: 'там говорят без TLS: другой порт, или smtp:// вместо smtps://',
  '28P01': 'имя или пароль не подходят',
  '28000': 'пользователя не пускают: проверьте pg_hba.conf',
  '3D000': 'такой базы нет: её создаст npm run admin -- migrate',
  '42P01': 'таблиц ещё нет: выполните npm run admin -- migrate',
  '42501': 'у пользователя базы нет на это прав',
  '53300': 'у сервера базы кончились соединения (max_connections)',
};

/** The error and what caused it, the outermost first. */
function chainOf(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let one: unknown = error; one instanceof Error && chain.length < 4; one = one.cause) {
    chain.push(one);
    if (one instanceof AggregateError && one.errors[0] instanceof Error) chain.push(one.errors[0]);
  }
  return chain;
}

/** The code that is known here: the library of mail has one of its own, and names the other in its words. */
const codeOf = ({ message, code }: Error & { code?: unknown }): string => {
  if (message.includes('wrong version number')) return 'ERR_SSL_WRONG_VERSION_NUMBER';
  const said = [String(code ?? ''), ...(message.match(/\bE[A-Z_]+\b/g) ?? [])];
  return said.find((one) => ADVICE[one]) ?? said[0]!;
};

/** What to do about an error, or null where only a programmer can say. */
export const adviceFor = (error: unknown): string | null =>
  chainOf(error)
    .map((one) => ADVICE[codeOf(one)])
    .findLast(Boolean) ?? null;

/** The outermost says what was asked, the innermost what went wrong; then what to do. Never with a password. */
export function wordsOfError(error: unknown): string {
  const said = chainOf(error).map((one) => one.message || codeOf(one));
  const words = [...new Set(said.filter(Boolean))].join(': ').replace(/:\/\/[^@/\s]*@/g, '://…@') || String(error);
  const advice = adviceFor(error);
  if (!advice) return words;
  // The library of TLS names its own source.
  return words.includes('wrong version number') ? advice : `${words} — ${advice}`;
}
