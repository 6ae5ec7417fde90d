#!/usr/bin/env node
/* eslint-disable no-console, no-restricted-syntax -- this file is not built */
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const built = join(__dirname, '../dist/verify.cjs.js');
if (!existsSync(built)) {
  // A checkout that was not built runs from its sources.
  require('@backstage/cli/config/nodeTransform.cjs');
}
const { verifyFiles } = require(existsSync(built) ? built : '../src/verify.ts');

verifyFiles(process.argv.slice(2), {
  out: console.log,
  err: console.error,
}).then(code => {
  process.exitCode = code;
});
