import { type Readable, Transform } from 'node:stream';

export interface Pace {
  windowMs: number;
  /** Fewer bytes than these in one window are a stall. */
  leastBytes: number;
}

/** A telephone at the edge of its network still sends some kilobytes a second; who sends a byte a second holds our files open. */
export const UPLOAD_PACE: Pace = { windowMs: 30_000, leastBytes: 16 * 1024 };

/** The bytes of a stream while they keep coming; a slower stream ends with the error. */
export function steady(source: Readable, { windowMs, leastBytes }: Pace, stalled: () => Error): Readable {
  let bytes = 0;
  const passed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  // It may fail before its reader has begun: the reader is told then, the process does not end.
  passed.on('error', () => undefined);
  const timer = setInterval(() => {
    if (bytes < leastBytes) passed.destroy(stalled());
    bytes = 0;
  }, windowMs);
  source.once('error', (error) => passed.destroy(error));
  // A request that breaks off closes its stream without an end and without an error.
  source.once('close', () => {
    if (!source.readableEnded) passed.destroy(new Error('the sender went away'));
  });
  passed.once('close', () => {
    clearInterval(timer);
    source.unpipe(passed);
    if (!source.readableEnded) source.destroy();
  });
  return source.pipe(passed);
}
