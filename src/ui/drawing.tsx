/** Our own mark: a small house with a lit window. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 40 40" aria-hidden="true" focusable="false">
      <path
        class="mark__house"
        d="M17.6 4.1a4 4 0 0 1 4.8 0l11.7 8.8A4.8 4.8 0 0 1 36 16.7V32a4.5 4.5 0 0 1-4.5 4.5h-23A4.5 4.5 0 0 1 4 32V16.7a4.8 4.8 0 0 1 1.9-3.8z"
      />
      <path
        class="mark__window"
        d="M14.5 16.5h11a1.5 1.5 0 0 1 1.5 1.5v11a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 13 29V18a1.5 1.5 0 0 1 1.5-1.5z"
      />
      <path class="mark__frame" d="M20 16.5v14M13 22.5h14" />
    </svg>
  );
}

const ROWS = 5;
const COLUMNS = 9;
/** Windows where somebody is at home, as row × 10 + column. */
const LIT = new Set([2, 11, 16, 24, 30, 37, 43, 8]);

/**
 * A five-storey house at dusk, a decoration of the home page and of empty places; `dark` is a house where nobody is in yet.
 * Hidden where the reader switched pictures off.
 */
export function HouseDrawing({ dark = false }: { dark?: boolean }) {
  const windows = (lit: boolean) =>
    Array.from({ length: ROWS * COLUMNS }, (_, index) => ({
      row: Math.floor(index / COLUMNS),
      column: index % COLUMNS,
    }))
      .filter(({ row, column }) => (!dark && LIT.has(row * 10 + column)) === lit)
      .filter(({ row, column }) => !(row === ROWS - 1 && column === 4))
      .map(({ row, column }) => `M${18 + column * 19} ${28 + row * 20}h11v12h-11z`)
      .join('');
  return (
    <svg class="drawing" viewBox="0 0 200 135" aria-hidden="true" focusable="false">
      <path class="drawing__wall" d="M8 20a4 4 0 0 1 4-4h176a4 4 0 0 1 4 4v114H8z" />
      <path class="drawing__roof" d="M4 12h192v6H4zM40 4h8v8h-8zM146 2v10M140 5h12" />
      <path class="drawing__window" d={windows(false)} />
      <path class="drawing__lit" d={windows(true)} />
      <path class="drawing__door" d="M93 134v-26h13v26z" />
      <path class="drawing__ground" d="M0 134h200" />
    </svg>
  );
}
