// Bundles the entries of the server and the custom elements of the browser into dist/.
// Packages stay outside the bundle: Node loads them from node_modules.
import { existsSync } from 'node:fs';
import { cp, readdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import sharp from 'sharp';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const quiet = process.argv.includes('--quiet');
const started = performance.now();

/** What people and service managers start, with whatever Node they have. */
const doors = ['start', 'web', 'worker', 'cli'];
const entries = {
  ...Object.fromEntries(doors.map((name) => [`main/${name}`, `src/${name}.ts`])),
  'read-upload': 'src/modules/uploads/read-upload.process.ts',
  'decode-heic': 'src/platform/files/decode-heic.worker.ts',
  sandbox: 'sandbox/main.ts',
  ...(process.argv.includes('--bench') ? { bench: 'bench/main.ts' } : {}),
};
const present = Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path)));

const elements = existsSync('src/ui/elements')
  ? (await readdir('src/ui/elements')).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  : [];
await build({
  entryPoints: [
    ...elements.map((name) => `src/ui/elements/${name}`),
    ...(existsSync('src/ui/styles.css') ? ['src/ui/styles.css'] : []),
  ],
  outdir: 'dist/assets',
  bundle: true,
  minify: true,
  // Letters as they are: escaped, a Russian one takes six bytes instead of two.
  charset: 'utf8',
  format: 'esm',
  platform: 'browser',
  target: ['es2022', 'chrome111', 'safari16.4', 'firefox115'],
  entryNames: '[name]',
  external: ['/assets/*'],
  loader: { '.woff2': 'file' },
  logLevel: 'warning',
});
// A classic script of its own: not every browser takes a module for a worker.
await build({
  entryPoints: { sw: 'src/ui/offline/service-worker.ts' },
  outdir: 'dist/assets',
  bundle: true,
  minify: true,
  charset: 'utf8',
  format: 'iife',
  platform: 'browser',
  target: ['es2022', 'chrome111', 'safari16.4', 'firefox115'],
  logLevel: 'warning',
});
for (const size of [180, 192, 512])
  await sharp('src/ui/app-icon.svg', { density: 72 * 8 })
    .resize(size)
    .png()
    .toFile(`dist/assets/app-icon-${size}.png`);
const fonts = 'node_modules/@fontsource-variable/golos-text/files';
for (const subset of ['cyrillic', 'latin']) {
  await cp(`${fonts}/golos-text-${subset}-wght-normal.woff2`, `dist/assets/golos-text-${subset}.woff2`);
}

await rm('dist/chunks', { recursive: true, force: true });
await build({
  entryPoints: present,
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  packages: 'external',
  sourcemap: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
});
// An old Node is told so before anything of the program is loaded: it would fail late, or not understand the text.
await cp('scripts/check-node.js', 'dist/check-node.js');
for (const name of doors)
  await writeFile(`dist/${name}.js`, `import './check-node.js';\nimport('./main/${name}.js');\n`);
if (!quiet) console.log(`Собрано за ${Math.round(performance.now() - started)} мс`);
