/** A set of object ids: a flat table of doubles, 16 bytes an id where a Set takes 40. Ids are whole, above zero, below 2^53. */
export class IdSet {
  #table = new Float64Array(1 << 12);
  #mask = (1 << 12) - 1;
  size = 0;

  #slot(id: number): number {
    let slot = Math.imul((id ^ (id / 4294967296)) | 0, 0x9e3779b1) & this.#mask;
    while (this.#table[slot] !== 0 && this.#table[slot] !== id) slot = (slot + 1) & this.#mask;
    return slot;
  }

  has(id: number): boolean {
    return id > 0 && this.#table[this.#slot(id)] === id;
  }

  add(id: number): void {
    const slot = this.#slot(id);
    if (this.#table[slot] === id) return;
    this.#table[slot] = id;
    if (++this.size * 2 > this.#table.length) this.#grow();
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Float64Array(old.length * 2);
    this.#mask = this.#table.length - 1;
    for (const id of old) if (id !== 0) this.#table[this.#slot(id)] = id;
  }
}
