/**
 * Pictures that stand for photographs of residents: painted dot by dot, because a true one would show somebody's home, and because the
 * picture library is forbidden to read drawings.
 */

type Colour = readonly [red: number, green: number, blue: number];
/** Places are parts of the picture's side: 0 is left and top, 1 right and bottom. */
type Paint = (x: number, y: number) => Colour;

const mix = (from: Colour, to: Colour, part: number): Colour => {
  const share = Math.max(0, Math.min(1, part));
  return [0, 1, 2].map((at) => from[at]! + (to[at]! - from[at]!) * share) as unknown as Colour;
};

/** Between -1 and 1, the same for the same place: the grain of a wall. */
const grain = (x: number, y: number): number => {
  const value = Math.sin(x * 1271.3 + y * 3117.7) * 43_758.5;
  return (value - Math.floor(value)) * 2 - 1;
};

/** Below 1 inside a spot with an uneven edge. */
const spot = (x: number, y: number, [left, top, width, height]: readonly [number, number, number, number]): number => {
  const [dx, dy] = [(x - left) / width, (y - top) / height];
  const angle = Math.atan2(dy, dx);
  return Math.hypot(dx, dy) * (1 + 0.13 * Math.sin(angle * 5) + 0.07 * Math.sin(angle * 11 + 2));
};

/** A ceiling with a stain of water. */
const leak: Paint = (x, y) => {
  if (y > 0.74 - x * 0.05) return mix([176, 168, 150], [150, 142, 126], (y - 0.7) * 3);
  const plain = mix([226, 221, 208], [205, 199, 184], x * 0.6 + y * 0.5);
  const edge = spot(x, y, [0.44, 0.34, 0.27, 0.2]);
  const stained = mix([146, 112, 66], plain, 0.35 + edge * 0.5);
  return edge < 1 ? mix(stained, [120, 88, 48], edge > 0.9 ? 0.55 : 0) : plain;
};

/** A staircase in the dark. */
const dark: Paint = (x, y) => {
  const light = Math.max(0, 1 - Math.hypot(x - 0.8, y - 0.2) * 1.5);
  const inSteps = y > 0.45 && Math.abs(x - 0.5) < 0.14 + (y - 0.45) * 0.7;
  const step = inSteps ? ((y - 0.45) * 11) % 1 : 0.4;
  const wall = mix([30, 32, 38], [96, 90, 76], light);
  return inSteps ? mix(wall, step < 0.14 ? [112, 110, 104] : [44, 45, 50], 0.7) : wall;
};

/** A painted wall whose plaster has come off, down to the brick. */
const plaster: Paint = (x, y) => {
  const wall: Colour = y > 0.62 ? [92, 122, 98] : mix([196, 200, 186], [176, 182, 168], y);
  const edge = spot(x, y, [0.5, 0.42, 0.28, 0.27]);
  if (edge >= 1) return wall;
  const row = Math.floor(y * 22);
  const isJoint = (y * 22) % 1 < 0.16 || (x * 12 + (row % 2) * 0.5) % 1 < 0.08;
  const brick: Colour = isJoint ? [198, 182, 166] : mix([158, 82, 58], [132, 64, 46], (row % 3) / 2);
  return mix(brick, [224, 216, 200], edge > 0.93 ? 0.8 : 0);
};

/** A hole in the asphalt with water in it. */
const hole: Paint = (x, y) => {
  if (y < 0.2) return mix([128, 146, 112], [96, 112, 84], y * 5);
  const asphalt = mix([112, 113, 116], [84, 85, 90], y);
  const edge = spot(x, y, [0.52, 0.6, 0.3, 0.19]);
  if (edge >= 1) return asphalt;
  return edge > 0.8 ? [52, 51, 52] : mix([118, 138, 156], [70, 84, 98], edge + (y - 0.6) * 2);
};

export const SCENES = { leak, dark, plaster, hole } as const;
export type Scene = keyof typeof SCENES;

/** Painted small and drawn larger: each dot costs. */
export const WIDTH = 320;
export const HEIGHT = 240;

/** The dots of a scene, three bytes each, row after row. */
export function paintScene(scene: Scene): Buffer {
  const paint = SCENES[scene];
  const dots = Buffer.alloc(WIDTH * HEIGHT * 3);
  for (let row = 0, at = 0; row < HEIGHT; row++)
    for (let column = 0; column < WIDTH; column++) {
      const [x, y] = [column / WIDTH, row / HEIGHT];
      const noise = grain(x, y) * 9;
      for (const value of paint(x, y)) dots[at++] = Math.max(0, Math.min(255, value + noise));
    }
  return dots;
}
