import { readFileSync } from 'node:fs';

/** Where a runner breaks or runs nothing, something is wrong however it ended: that counts as one failure. */
const BROKEN = { passed: 0, failed: 1 };

/**
 * The totals in the JSON report of a runner. `exitCode` is the runner's own word: a report without failures does not
 * outvote it.
 */
export function readReport(file, read, exitCode) {
  const totals = tryToRead(file, read);
  if (!totals) return { ...BROKEN, problem: 'it left no report' };
  if (totals.passed + totals.failed === 0)
    return { ...BROKEN, problem: 'it ran no test' };
  if (exitCode !== 0 && totals.failed === 0) {
    return {
      passed: totals.passed,
      failed: 1,
      problem: `it ended with exit code ${exitCode}`,
    };
  }
  return totals;
}

function tryToRead(file, read) {
  try {
    return read(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Jest counts the tests of a file that does not even load as none at all; each such file is a failure. */
export function jestTotals(json) {
  const report = JSON.parse(json);
  return {
    passed: report.numPassedTests,
    failed:
      report.numFailedTests +
      report.numRuntimeErrorTestSuites +
      report.numPendingTests,
  };
}

/** A test that passed only when it was repeated has failed; so has one that was skipped. */
export function playwrightTotals(json) {
  const { stats, errors = [] } = JSON.parse(json);
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + stats.skipped + errors.length,
  };
}

/** Node's own runner ends its TAP with the numbers. */
export function nodeTotals(tap) {
  const count = name =>
    Number(tap.match(new RegExp(`^# ${name} (\\d+)$`, 'm'))[1]);
  return {
    passed: count('pass'),
    failed:
      count('fail') + count('cancelled') + count('skipped') + count('todo'),
  };
}
