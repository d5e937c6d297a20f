// npm 10 and older takes node_modules/.bin/node away again: it belongs to the package of the other architecture too, which this machine
// cannot install. Plain JavaScript: it runs on whatever Node installs the packages.
import { existsSync, symlinkSync } from 'node:fs';

const binary = `node-linux-${process.arch}/bin/node`;
if (existsSync(`node_modules/${binary}`) && !existsSync('node_modules/.bin/node'))
  symlinkSync(`../${binary}`, 'node_modules/.bin/node');
