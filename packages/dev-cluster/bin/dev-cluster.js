#!/usr/bin/env node
/* eslint-disable no-restricted-syntax -- this file is never built: the package runs from its sources */
require('@backstage/cli/config/nodeTransform.cjs');
require('../src/cli/main.ts');
