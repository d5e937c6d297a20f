import { PassThrough, pipeline, type Readable } from 'node:stream';

/**
 * A stream whose source takes a moment to open. Whoever closes it early also stops the opening and closes the source.
 * @param open its error becomes the stream's
 */
export function lateStream(open: (signal: AbortSignal) => Promise<Readable>): Readable {
  const stream = new PassThrough();
  // It may fail before its reader has begun: the reader is told then, the process does not end.
  stream.on('error', () => undefined);
  const abort = new AbortController();
  stream.once('close', () => abort.abort());
  open(abort.signal).then(
    (source) => {
      if (!stream.destroyed) return void pipeline(source, stream, () => undefined);
      source.on('error', () => undefined);
      source.destroy();
    },
    (error) => stream.destroy(error),
  );
  return stream;
}
