import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  jestTotals,
  nodeTotals,
  playwrightTotals,
  readReport,
} from './readReport.mjs';

const folder = mkdtempSync(join(tmpdir(), 'reports-'));

function reportOf(content) {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(
    file,
    typeof content === 'string' ? content : JSON.stringify(content),
  );
  return file;
}

const jestReport = values => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numRuntimeErrorTestSuites: 0,
  ...values,
});

const playwrightReport = (stats, errors = []) => ({
  stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0, ...stats },
  errors,
});

const totalsOf = (...args) => {
  const { passed, failed } = readReport(...args);
  return { passed, failed };
};

describe('the totals of a runner', () => {
  it('are those of its report', () => {
    const file = reportOf(jestReport({ numPassedTests: 7, numFailedTests: 2 }));
    assert.deepEqual(totalsOf(file, jestTotals, 1), { passed: 7, failed: 2 });
  });

  it('have one failure where the runner left no report', () => {
    assert.deepEqual(totalsOf(join(folder, 'none.json'), jestTotals, 0), {
      passed: 0,
      failed: 1,
    });
  });

  it('have one failure where the report was cut off', () => {
    assert.deepEqual(totalsOf(reportOf('{"numPassed'), jestTotals, 0), {
      passed: 0,
      failed: 1,
    });
  });

  it('have one failure where no test ran', () => {
    assert.deepEqual(totalsOf(reportOf(jestReport()), jestTotals, 0), {
      passed: 0,
      failed: 1,
    });
  });

  it('have one failure where everything passed but the runner says that it failed', () => {
    const file = reportOf(jestReport({ numPassedTests: 7 }));
    assert.deepEqual(totalsOf(file, jestTotals, 1), { passed: 7, failed: 1 });
  });

  it('count a test file that does not load as a failure', () => {
    const file = reportOf(
      jestReport({ numPassedTests: 7, numRuntimeErrorTestSuites: 1 }),
    );
    assert.deepEqual(totalsOf(file, jestTotals, 1), { passed: 7, failed: 1 });
  });

  it('count a skipped test as a failure', () => {
    const file = reportOf(
      jestReport({ numPassedTests: 7, numPendingTests: 1 }),
    );
    assert.deepEqual(totalsOf(file, jestTotals, 0), { passed: 7, failed: 1 });
  });

  it('count what is unexpected, flaky, skipped or wrong in the browser as failures', () => {
    const file = reportOf(
      playwrightReport({ expected: 5, unexpected: 1, flaky: 1, skipped: 1 }, [
        { message: 'no such file' },
      ]),
    );
    assert.deepEqual(totalsOf(file, playwrightTotals, 1), {
      passed: 5,
      failed: 4,
    });
  });

  it('are read from the end of the output of Node’s own runner', () => {
    const tap = [
      'ok 1 - works',
      '# pass 3',
      '# fail 1',
      '# cancelled 1',
      '# skipped 0',
      '# todo 0',
    ].join('\n');
    assert.deepEqual(totalsOf(reportOf(tap), nodeTotals, 1), {
      passed: 3,
      failed: 2,
    });
  });
});
