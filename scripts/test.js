// Everything that CI runs: lint, types, build, then all tests. The last line counts them: "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'domovoy-results-'));
const report = join(folder, 'results.json');
const run = (name, command, args) => {
  console.log(`\n— ${name}`);
  return spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status === 0;
};

let passed = 0;
let failed = 0;
const count = (good) => {
  if (good) passed += 1;
  else failed += 1;
  return good;
};

count(run('lint and format', 'biome', ['check', '.']));
count(run('known weaknesses of packages', process.execPath, ['scripts/audit.js']));
count(run('types', 'tsc', ['--noEmit']));
if (count(run('build', process.execPath, ['scripts/build.js']))) {
  const green = run('tests', 'vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]);
  try {
    const results = JSON.parse(readFileSync(report, 'utf8'));
    passed += results.numPassedTests;
    failed += results.numFailedTests;
    // A file that cannot be loaded, or an error outside a test, fails no test but the run.
    if (!green && results.numFailedTests === 0) failed += 1;
  } catch {
    failed += 1;
  }
}
rmSync(folder, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
