// Asks the package registry for known weaknesses of what runs in production. High and critical ones end the run; a registry that has no
// audit, or cannot be reached, is said plainly and ends nothing: an installation without the internet must be able to run the tests.
import { spawnSync } from 'node:child_process';

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--audit-level=high', '--json'], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
  timeout: 60_000,
  maxBuffer: 64 * 1024 * 1024,
});

let report = null;
try {
  report = JSON.parse(stdout ?? '');
} catch {
  // No answer that can be read is no audit.
}
const counts = report?.metadata?.vulnerabilities;
if (!counts) {
  console.log(`not checked: the registry gives no audit (${report?.message ?? report?.error?.summary ?? 'no answer'})`);
} else {
  const { low, moderate, high, critical } = counts;
  console.log(`known weaknesses: ${critical} critical, ${high} high, ${moderate} moderate, ${low} low`);
  if (critical + high > 0) {
    for (const [name, { severity, range, fixAvailable }] of Object.entries(report.vulnerabilities ?? {}))
      if (severity === 'high' || severity === 'critical')
        console.log(`  ${name} ${range}: ${severity}${fixAvailable ? ', an update mends it' : ''}`);
    process.exit(1);
  }
}
