// Plain JavaScript on purpose: it must run, and speak clearly, on any Node a person may have.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Domovoy needs Node.js 22.18 or newer; this is ${process.versions.node}. On Linux x64 and arm64 "npm ci" brings the right one by itself: run "npm ci" (without --omit=optional) and use the npm scripts. Elsewhere install Node.js 24 from nodejs.org.`,
  );
  process.exit(1);
}
