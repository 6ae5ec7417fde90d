#!/usr/bin/env node
/* eslint-disable no-console, no-restricted-syntax -- this file is published as it is */
const { existsSync } = require('node:fs');
const { join } = require('node:path');

// A checkout has sources, a published package has only what was built.
const source = join(__dirname, '../src/verify.ts');
if (existsSync(source)) {
  require('@backstage/cli/config/nodeTransform.cjs');
}
const { verifyFiles } = require(existsSync(source)
  ? source
  : '../dist/verify.cjs.js');

verifyFiles(process.argv.slice(2), {
  out: console.log,
  err: console.error,
}).then(code => {
  process.exitCode = code;
});
