import { Readable } from 'node:stream';
import type { Context } from '../context.ts';
import { Conflict, Invalid, NotFound } from '../errors.ts';
import { type FileId, newId } from '../ids.ts';
import { type ArrivingFile, appendPiece, deleteArriving, insertArriving, selectArriving } from './queries.ts';

/** Honest senders cut a file of 50 MB into 13 pieces; a line that breaks all the time makes more of them. */
const MOST_PIECES = 1000;

type World = Pick<Context, 'db' | 'files' | 'clock'>;

/** Begins a file that comes in pieces. */
export async function beginArriving({ db, clock }: World): Promise<FileId> {
  const fileId = newId<FileId>();
  await insertArriving(db, fileId, clock());
  return fileId;
}

/** @throws NotFound when it was never begun, is whole already, or was swept away */
export async function readArriving({ db }: Pick<World, 'db'>, fileId: FileId): Promise<ArrivingFile> {
  const file = await selectArriving(db, fileId);
  if (!file) throw new NotFound('Этот файл уже не ждут. Приложите его снова.');
  return file;
}

/**
 * Adds a piece at the end of what has come. Where the line breaks, what came of the piece is kept.
 * @param content at most `mostBytes`
 * @returns how many bytes there are now
 * @throws Conflict when another piece was added meanwhile
 * @throws Invalid on `field` when the piece is longer than it may be, or there are too many of them
 * @throws whatever `content` ended with
 */
export async function addPiece(
  { db, files }: World,
  { fileId, sizeBytes: offset, pieces }: ArrivingFile,
  content: Readable,
  { mostBytes, field }: { mostBytes: number; field: string },
): Promise<number> {
  if (pieces.length >= MOST_PIECES) throw tooLong(field, 'Файл пришёл слишком мелкими частями. Приложите его снова.');
  const source = untilItBreaks(content, mostBytes, field);
  const piece = await files.put(Readable.from(source.bytes()), { limitBytes: mostBytes, field });
  const isAdded = piece.sizeBytes > 0 && (await appendPiece(db, fileId, offset, piece));
  if (!isAdded) await files.remove(piece.fileId);
  if (source.problem) throw source.problem;
  if (piece.sizeBytes > 0 && !isAdded) throw new Conflict('Файл продолжается с другого места.', 'other_offset');
  return offset + piece.sizeBytes;
}

const tooLong = (field: string, message: string) => new Invalid([{ field, message }]);

/** What comes until the line breaks: the break ends the bytes, and is told afterwards. More than the most is no break. */
function untilItBreaks(content: Readable, mostBytes: number, field: string) {
  const source = {
    problem: null as unknown,
    async *bytes() {
      let length = 0;
      try {
        for await (const piece of content as AsyncIterable<Buffer>) {
          length += piece.length;
          if (length > mostBytes) throw tooLong(field, 'Файл длиннее, чем было объявлено.');
          yield piece;
        }
      } catch (error) {
        if (length > mostBytes) throw error;
        source.problem = error;
      }
    },
  };
  return source;
}

/** All pieces, one after another. */
export const openArriving = ({ files }: Pick<World, 'files'>, { pieces }: ArrivingFile): Readable =>
  Readable.from(
    (async function* () {
      for (const piece of pieces) yield* files.open(piece);
    })(),
    { objectMode: false },
  );

/** Forgets the file and its pieces. Those that are not removed now go with the nightly sweep. */
export async function endArriving({ db, files }: World, fileId: FileId): Promise<void> {
  for (const piece of (await deleteArriving(db, fileId)) ?? []) await files.remove(piece);
}
