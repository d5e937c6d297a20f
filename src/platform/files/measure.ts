import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { Invalid } from '../errors.ts';

/** Passes bytes on while it counts and hashes them; one byte more than the limit ends it with Invalid. */
export class Measure extends Transform {
  sizeBytes = 0;
  private readonly hash = createHash('sha256');
  private readonly limit: { limitBytes: number; field: string };

  constructor(limit: { limitBytes: number; field: string }) {
    super();
    this.limit = limit;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: Error | null, chunk?: Buffer) => void) {
    const { limitBytes, field } = this.limit;
    this.sizeBytes += chunk.length;
    this.hash.update(chunk);
    if (this.sizeBytes <= limitBytes) return done(null, chunk);
    const message = `Файл больше ${Math.floor(limitBytes / 1_048_576)} МБ. Разделите его на части.`;
    done(new Invalid([{ field, message }]));
  }

  /** Of all that has passed. Once. */
  sha256(): Buffer {
    return this.hash.digest();
  }
}

/** Why a putting failed: what the source said, or the limit, tells more than what became of the writing. */
export const causeOf = (passing: Promise<void>, failure: unknown): Promise<unknown> =>
  passing.then(
    () => failure,
    (cause) => (cause?.code === 'ERR_STREAM_PREMATURE_CLOSE' ? failure : cause),
  );
