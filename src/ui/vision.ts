/** The version for low-vision people: five settings in a cookie, applied by the server, so that it works without script. */
export const VISION_COOKIE = 'vision';

const CHOICES = {
  size: ['100', '150', '200'],
  scheme: ['black-on-white', 'white-on-black', 'blue'],
  spacing: ['normal', 'wide', 'very-wide'],
  images: ['on', 'off'],
  font: ['sans', 'serif'],
} as const;

export interface Vision {
  /** False is the ordinary version: no attribute is set and the other five say what the form offers first. */
  on: boolean;
  size: (typeof CHOICES.size)[number];
  scheme: (typeof CHOICES.scheme)[number];
  spacing: (typeof CHOICES.spacing)[number];
  images: (typeof CHOICES.images)[number];
  font: (typeof CHOICES.font)[number];
}

export const ORDINARY_VISION: Vision = {
  on: false,
  size: '150',
  scheme: 'black-on-white',
  spacing: 'normal',
  images: 'on',
  font: 'sans',
};

const choose = <K extends keyof typeof CHOICES>(key: K, value: unknown): Vision[K] =>
  (CHOICES[key].find((choice) => choice === value) ?? ORDINARY_VISION[key]) as Vision[K];

/** What the settings form posts; an unknown or missing value becomes the first offer. `version=ordinary` switches it off. */
export function visionFromForm(input: Readonly<Record<string, unknown>>): Vision {
  if (input.version === 'ordinary') return ORDINARY_VISION;
  return {
    on: true,
    size: choose('size', input.size),
    scheme: choose('scheme', input.scheme),
    spacing: choose('spacing', input.spacing),
    images: choose('images', input.images),
    font: choose('font', input.font),
  };
}

/** Reads the cookie's value; what is not ours is the ordinary version. */
export function parseVision(cookie: string | undefined): Vision {
  const [size, scheme, spacing, images, font, more] = (cookie ?? '').split('.');
  if (font === undefined || more !== undefined) return ORDINARY_VISION;
  return visionFromForm({ size, scheme, spacing, images, font });
}

/** The cookie's value; an empty text means: remove the cookie. */
export const formatVision = (vision: Vision): string =>
  vision.on ? [vision.size, vision.scheme, vision.spacing, vision.images, vision.font].join('.') : '';

/** Attributes of <html>. */
export const visionAttributes = (vision: Vision): Record<string, string> =>
  vision.on
    ? {
        'data-vision-size': vision.size,
        'data-vision-scheme': vision.scheme,
        'data-vision-spacing': vision.spacing,
        'data-vision-images': vision.images,
        'data-vision-font': vision.font,
      }
    : {};
