// Runs the tests of faults with as many kills as wanted: `npm run faults -- --kills 500 --flow payment`.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const FLOWS = ['payment', 'reading', 'appeal', 'upload', 'claim', 'signin'];
const HELP = `npm run faults -- [--flow ${FLOWS.join('|')}] [--kills N] [--outage SECONDS] [--seed N]

Kills the processes of an installation of its own at random moments while people use it, takes its database away,
fills its disk, spoils its mail server and its bank, and then compares what people were told with what is there.
Without --flow: all of them. A seed plays the choices of a run again. Linux; as root also with a full disk.`;

const fail = (sentence) => {
  console.error(`${sentence}\n\n${HELP}`);
  process.exit(2);
};

const readOptions = () => {
  const text = { type: 'string' };
  try {
    return parseArgs({ options: { flow: text, kills: text, outage: text, seed: text, help: { type: 'boolean' } } })
      .values;
  } catch (error) {
    return fail(error.message);
  }
};

const { flow, help, ...numbers } = readOptions();
if (help) {
  console.log(HELP);
  process.exit(0);
}
if (flow && !FLOWS.includes(flow)) fail(`--flow: one of ${FLOWS.join(', ')}`);
for (const [name, value] of Object.entries(numbers)) if (!/^\d{1,9}$/.test(value)) fail(`--${name}: a whole number`);
const settings = Object.entries(numbers).map(([name, value]) => [`FAULTS_${name.toUpperCase()}`, value]);
const files = (flow ? [flow] : FLOWS).map((name) => `tests/faults/${name}.test.ts`);
const { status } = spawnSync('vitest', ['run', '--no-file-parallelism', ...files], {
  stdio: 'inherit',
  env: { ...process.env, ...Object.fromEntries(settings) },
  shell: process.platform === 'win32',
});
process.exit(status ?? 1);
