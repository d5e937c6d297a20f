import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type BackupReader, type BackupWriter, counted, type WrittenPart } from './archive.ts';
import { BackupError } from './backup-error.ts';

const BLOCK = 512;
const MODE = 0o600;
const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;

/**
 * A backup as one tar file (ustar), which `tar` reads too. How long a part is is known when it has been written: its header is left out
 * at first and put before it afterwards.
 */
export async function writeTar(path: string): Promise<BackupWriter> {
  const temporary = `${path}.part`;
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', MODE);
  let position = 0;
  return {
    async add(name, content) {
      const start = position;
      let part: WrittenPart | undefined;
      position += BLOCK;
      try {
        for await (const piece of counted(content, (written) => {
          part = written;
        })) {
          await writeAll(file, piece, position);
          position += piece.length;
        }
      } catch (error) {
        // The next part begins where this one would have.
        position = start;
        await file.truncate(start);
        throw error;
      }
      await writeAll(file, headerOf(name, part!.sizeBytes), start);
      position = start + BLOCK + padded(part!.sizeBytes);
      return part!;
    },
    async finish() {
      // Two empty blocks are the end.
      await file.truncate(position + 2 * BLOCK);
      await file.sync();
      await file.close();
      await rename(temporary, path);
    },
    async abandon() {
      await file.close();
      await rm(temporary, { force: true });
    },
  };
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

function headerOf(name: string, size: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100, 'ascii');
  header.write(`${MODE.toString(8).padStart(7, '0')}\0`, 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  writeSize(header, size);
  header.write(`${Math.floor(Date.now() / 1000).toString(8)}\0`, 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\0' + '00', 257);
  header.write(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** Eleven octal digits hold 8 GiB; above that eight bytes and a mark in the first, as GNU tar and others write it. */
function writeSize(header: Buffer, size: number): void {
  if (size < 8 ** 11) header.write(`${size.toString(8).padStart(11, '0')} `, 124);
  else {
    header.writeUInt8(0x80, 124);
    header.writeBigUInt64BE(BigInt(size), 128);
  }
}

const readSize = (header: Buffer): number =>
  header[124] === 0x80 ? Number(header.readBigUInt64BE(128)) : Number.parseInt(header.toString('ascii', 124, 135), 8);

/** Of all bytes of a header, its own field taken for blanks. */
const sumOf = (header: Buffer): number =>
  header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);

interface Entry {
  name: string;
  /** Of its bytes. */
  start: number;
  size: number;
}

/** Goes from header to header; it remembers where it stands, so that parts asked for in their order are found at once. */
export async function readTar(path: string): Promise<BackupReader> {
  const file = await open(path);
  const { size: length } = await file.stat();
  let next = 0;

  const entryAt = async (position: number): Promise<Entry | null> => {
    if (position + BLOCK > length) throw new BackupError('Копия обрывается: конец архива потерян.');
    const { buffer: header } = await file.read(Buffer.alloc(BLOCK), 0, BLOCK, position);
    if (header.every((byte) => byte === 0)) return null;
    if (header.toString('ascii', 257, 262) !== 'ustar')
      throw new BackupError('Это не резервная копия, или она повреждена.');
    if (Number.parseInt(header.toString('ascii', 148, 154), 8) !== sumOf(header))
      throw new BackupError('Копия повреждена: не сходится заголовок одной из частей.');
    const name = header.toString('ascii', 0, 100).replace(/\0.*$/s, '');
    const size = readSize(header);
    if (position + BLOCK + size > length) throw new BackupError(`Копия обрывается на части ${name}.`);
    return { name, start: position + BLOCK, size };
  };

  /** From here to the end, then all of it. */
  const find = async (name: string): Promise<Entry> => {
    for (const from of next > 0 ? [next, 0] : [0])
      for (let entry = await entryAt(from); entry; entry = await entryAt(next)) {
        next = entry.start + padded(entry.size);
        if (entry.name === name) return entry;
      }
    throw new BackupError(`В копии нет части ${name}.`);
  };

  return {
    async open(name) {
      const { start, size } = await find(name);
      return Readable.from(bytesOf(file, start, size), { objectMode: false });
    },
    close: () => file.close(),
  };
}

const PIECE = 256 * 1024;

async function* bytesOf(file: FileHandle, start: number, size: number): AsyncGenerator<Buffer> {
  for (let done = 0; done < size; ) {
    const length = Math.min(PIECE, size - done);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, start + done);
    if (bytesRead === 0) throw new BackupError('Копия обрывается: её укоротили, пока она читалась.');
    done += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
