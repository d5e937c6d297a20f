import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FileId } from '../ids.ts';
import type { ByteRange, FileStore } from './store.ts';

export interface SentFile {
  fileId: FileId;
  sizeBytes: number;
  /** Names this very content: a download that broke off goes on only where the bytes are still the same. */
  sha256: Buffer;
}

/**
 * Answers with a stored file, or the part of it that is asked for (RFC 9110: Range, If-Range, If-None-Match). Type, name and the rules of
 * keeping are the caller's to set before, and so is the right to have it.
 */
export function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  files: FileStore,
  { fileId, sizeBytes, sha256 }: SentFile,
): FastifyReply {
  const tag = `"${sha256.toString('hex')}"`;
  const { headers, method } = request;
  reply.header('etag', tag).header('accept-ranges', 'bytes');
  if (isAmong(tag, headers['if-none-match'])) return reply.code(304).send();
  // A range is defined for GET alone. An If-Range that is no tag of ours is a date, or of other bytes: then the whole is sent.
  const isWhole = method !== 'GET' || (headers['if-range'] !== undefined && headers['if-range'] !== tag);
  const range = isWhole ? null : readRange(headers.range, sizeBytes);
  if (range === 'unsatisfiable')
    return reply.code(416).type('text/plain').header('content-range', `bytes */${sizeBytes}`).send();
  const { first, last } = range ?? { first: 0, last: sizeBytes - 1 };
  if (range) reply.code(206).header('content-range', `bytes ${first}-${last}/${sizeBytes}`);
  reply.header('content-length', last - first + 1);
  // Nothing is read for a HEAD, nor of an empty file, which has no last byte to name.
  if (method === 'HEAD' || sizeBytes === 0) return reply.send(Readable.from([]));
  // Named though it may be the whole: a stream that knows its end is done with its last byte, and does not look for more.
  return reply.send(files.open(fileId, { first, last }));
}

const isAmong = (tag: string, header: string | undefined): boolean =>
  (header ?? '').split(',').some((one) => {
    const named = one.trim();
    return named === '*' || named.replace(/^W\//, '') === tag;
  });

/** One range of bytes; null where the whole is asked for, or several ranges, which nobody needs. */
export function readRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=([0-9]{0,15})-([0-9]{0,15})$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [from, to] = [match[1]!, match[2]!];
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(from) > Number(to)) return null;
  return first >= size || first > last ? 'unsatisfiable' : { first, last };
}
