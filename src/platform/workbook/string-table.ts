import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textCell } from './cell-values.ts';
import type { CellText } from './types.ts';

/** Holds the longest text of a cell (32,767 characters of up to 3 bytes). */
const SEGMENT = 256 * 1024;
const HEAD = 4;
const CACHE = 8192;

/**
 * The shared strings of a workbook in a few large buffers instead of as many JavaScript strings: 300,000 short texts cost about their
 * bytes. Above `memory` bytes the oldest segments go to a temporary file and are read back as needed. Sheets use strings about in the
 * order in which they were added, so few segments are live at a time.
 */
export class StringTable {
  readonly #memory: number;
  readonly #folder: string;
  readonly #segments: (Buffer | null)[] = [];
  /** Segments in memory, least recently used first. */
  readonly #live = new Set<number>();
  /** Where each string begins: segment * SEGMENT + place in it. Below 2^53, above 2^32 for the largest files. */
  #places = new Float64Array(4096);
  #count = 0;
  #current: Buffer = Buffer.alloc(0);
  #used = SEGMENT;
  #spill: { folder: string; file: number; written: Set<number> } | null = null;
  readonly #cachedIndex = new Int32Array(CACHE).fill(-1);
  readonly #cachedCell: (CellText | null)[] = new Array(CACHE).fill(null);

  constructor(memory: number, temporaryFolder: string = tmpdir()) {
    this.#memory = memory;
    this.#folder = temporaryFolder;
  }

  get size(): number {
    return this.#count;
  }

  add(text: string): void {
    let length = Buffer.byteLength(text);
    let stored = text;
    if (length > SEGMENT - HEAD) {
      // Longer than any cell may be: the reader refuses the cell by its characters, the rest of it is not needed.
      stored = text.slice(0, (SEGMENT - HEAD) / 4);
      length = Buffer.byteLength(stored);
    }
    if (this.#used + HEAD + length > SEGMENT) this.#newSegment();
    const segment = this.#segments.length - 1;
    this.#current.writeUInt32LE(length, this.#used);
    this.#current.write(stored, this.#used + HEAD);
    if (this.#count === this.#places.length) {
      const wider = new Float64Array(this.#places.length * 2);
      wider.set(this.#places);
      this.#places = wider;
    }
    this.#places[this.#count++] = segment * SEGMENT + this.#used;
    this.#used += HEAD + length;
  }

  /** Undefined when the workbook has no such string; null when the string is blank. */
  cell(index: number): CellText | null | undefined {
    if (!(index >= 0 && index < this.#count)) return undefined;
    const slot = index % CACHE;
    if (this.#cachedIndex[slot] === index) return this.#cachedCell[slot]!;
    const cell = textCell(this.text(index));
    this.#cachedIndex[slot] = index;
    this.#cachedCell[slot] = cell;
    return cell;
  }

  text(index: number): string {
    const place = this.#places[index]!;
    const segment = Math.floor(place / SEGMENT);
    const buffer = this.#segment(segment);
    const at = place - segment * SEGMENT;
    return buffer.toString('utf8', at + HEAD, at + HEAD + buffer.readUInt32LE(at));
  }

  close(): void {
    if (!this.#spill) return;
    closeSync(this.#spill.file);
    rmSync(this.#spill.folder, { recursive: true, force: true });
    this.#spill = null;
  }

  #newSegment(): void {
    this.#current = this.#makeRoom() ?? Buffer.allocUnsafeSlow(SEGMENT);
    this.#live.add(this.#segments.length);
    this.#segments.push(this.#current);
    this.#used = 0;
  }

  #segment(index: number): Buffer {
    const present = this.#segments[index];
    if (present) {
      if (this.#spill) {
        this.#live.delete(index);
        this.#live.add(index);
      }
      return present;
    }
    const buffer = this.#makeRoom() ?? Buffer.allocUnsafeSlow(SEGMENT);
    readSync(this.#spill!.file, buffer, 0, SEGMENT, index * SEGMENT);
    this.#segments[index] = buffer;
    this.#live.add(index);
    return buffer;
  }

  /** Sends the least recently used segment to the file when the memory is used up; returns its buffer for another use. */
  #makeRoom(): Buffer | null {
    if (this.#live.size * SEGMENT < this.#memory || this.#live.size < 2) return null;
    const [oldest] = this.#live;
    const buffer = this.#segments[oldest!]!;
    this.#spill ??= this.#openSpill();
    if (!this.#spill.written.has(oldest!)) {
      writeSync(this.#spill.file, buffer, 0, SEGMENT, oldest! * SEGMENT);
      this.#spill.written.add(oldest!);
    }
    this.#segments[oldest!] = null;
    this.#live.delete(oldest!);
    return buffer;
  }

  #openSpill() {
    const folder = mkdtempSync(join(this.#folder, 'workbook-'));
    return { folder, file: openSync(join(folder, 'strings'), 'wx+', 0o600), written: new Set<number>() };
  }
}
