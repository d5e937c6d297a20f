/**
 * RFC 6266: plain letters for old programs, the whole name (RFC 8187) for all others. No name ends the header or its quotes.
 * @param plain what old programs call the file, where the name has few letters of theirs
 */
export function contentDisposition(kind: 'inline' | 'attachment', name: string, plain = name): string {
  const whole = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain.replace(/[^ -~]|["\\%]/gu, '_')}"; filename*=UTF-8''${whole}`;
}
