import { describe, expect, test } from 'vitest';
import { isTest, moduleOf, readSources } from './source-tree.ts';

/** Whom a module may import, through the other's door only. What is not listed here is not allowed. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  addresses: ['classifiers'],
  classifiers: [],
  notices: [],
  organisations: ['classifiers', 'notices'],
  identity: ['notices', 'organisations'],
  houses: ['accounts', 'addresses', 'classifiers', 'identity', 'notices', 'organisations'],
  accounts: ['organisations'],
  billing: ['accounts', 'houses', 'identity', 'notices', 'organisations'],
  connections: ['accounts', 'billing', 'houses', 'identity', 'notices', 'organisations'],
  meters: ['accounts', 'billing', 'classifiers', 'houses', 'identity', 'notices', 'organisations'],
  appeals: ['accounts', 'addresses', 'billing', 'classifiers', 'houses', 'identity', 'notices', 'organisations'],
  'personal-data': ['accounts', 'connections', 'identity', 'notices', 'organisations'],
  storage: [],
  installation: ['addresses', 'organisations', 'payments', 'staff'],
  payments: ['accounts', 'billing', 'houses', 'identity', 'notices', 'organisations'],
  uploads: [
    'accounts',
    'addresses',
    'billing',
    'classifiers',
    'connections',
    'houses',
    'identity',
    'meters',
    'notices',
    'organisations',
    'payments',
    'staff',
  ],
  staff: ['classifiers', 'identity', 'notices', 'organisations'],
  home: [
    'accounts',
    'addresses',
    'appeals',
    'billing',
    'classifiers',
    'connections',
    'houses',
    'identity',
    'meters',
    'notices',
    'organisations',
    'payments',
    'staff',
    'uploads',
  ],
};

const sources = readSources('src');
const product = sources.filter((file) => !isTest(file.path));

/** `import './tables.ts'` of another module gives only types of rows, by declaration merging. */
const isTables = (path: string) => path.endsWith('/tables.ts');

describe('arrows between modules', () => {
  test('a module imports another only along an arrow, and only through its door', () => {
    const wrong = product.flatMap((file) => {
      const own = moduleOf(file.path);
      return file.imports.flatMap((imported) => {
        const other = moduleOf(imported);
        if (!other || other === own) return [];
        if (own && !(ARROWS[own] ?? []).includes(other)) return [`${file.path} -> ${other}: no such arrow`];
        return imported === `src/modules/${other}/index.ts` || isTables(imported)
          ? []
          : [`${file.path} -> ${imported}: past the door`];
      });
    });
    expect(wrong).toEqual([]);
  });

  test('every module has its arrows written down, and the arrows make no circle', () => {
    const modules = [...new Set(product.map((file) => moduleOf(file.path)).filter((name) => name !== null))];
    expect(modules.filter((name) => !(name in ARROWS))).toEqual([]);
    const circles: string[] = [];
    const walk = (name: string, way: string[]) => {
      if (way.includes(name)) circles.push([...way, name].join(' -> '));
      else for (const next of ARROWS[name] ?? []) walk(next, [...way, name]);
    };
    for (const name of modules) walk(name, []);
    expect(circles).toEqual([]);
  });

  test('platform and ui import no module; ui imports no page', () => {
    const wrong = product
      .filter((file) => /^src\/(platform|ui)\//.test(file.path))
      .flatMap((file) =>
        file.imports
          .filter((path) => moduleOf(path) || path.startsWith('src/pages/'))
          .map((path) => `${file.path} -> ${path}`),
      );
    expect(wrong).toEqual([]);
  });

  test('only npm start knows the sandbox and the demo; the sandbox knows nothing of the product', () => {
    const allowed = ['src/start.ts', 'src/cli/demo.ts'];
    const wrong = product
      .filter((file) => !allowed.includes(file.path))
      .flatMap((file) =>
        file.imports.filter((path) => /^(sandbox|demo)\//.test(path)).map((path) => `${file.path} -> ${path}`),
      );
    const outward = readSources('sandbox')
      .filter((file) => !isTest(file.path))
      .flatMap((file) =>
        file.imports.filter((path) => path.startsWith('src/')).map((path) => `${file.path} -> ${path}`),
      );
    expect([...wrong, ...outward]).toEqual([]);
  });
});
