/** Says a line now and then. */
export type Progress = (line: string) => void;

const EACH_MS = 2000;

/** Of many lines only one in two seconds is said. */
export function progressOf(say: (line: string) => void): Progress {
  let last = performance.now();
  return (line) => {
    if (performance.now() - last < EACH_MS) return;
    last = performance.now();
    say(line);
  };
}
