import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { tail } from '../Children.mjs';
import { cacheFolder, nodeTransform, workspace } from '../folders.mjs';
import { say, sayWhileWaiting } from '../say.mjs';
import { readReport } from './readReport.mjs';
import { Totals } from './Totals.mjs';

const KEPT_RUNS = 5;

/** What all stages of one `npm test` share: how to start something, where reports go, and the totals. */
export class TestRun {
  constructor(children, node) {
    this.children = children;
    this.node = node;
    this.totals = new Totals();
    this.folder = reportFolder();
  }

  /** A check that either holds or not. What it prints is shown only when it fails. */
  async check(name, args, options = {}) {
    const log = join(this.folder, `${name.replace(/\W+/g, '-')}.log`);
    const began = Date.now();
    const child = this.children.start(name, this.node, args, {
      cwd: workspace,
      log,
      ...options,
    });
    const { code } = await sayWhileWaiting(name, child.exited, 30_000);
    const seconds = Math.round((Date.now() - began) / 1000);
    if (code === 0) {
      say(`${name}: passed (${seconds} s)`);
      this.totals.add(name, { passed: 1, failed: 0 });
      return;
    }
    say(`${name}: failed (${seconds} s)`);
    console.log(tail(log));
    this.totals.add(name, { passed: 0, failed: 1 });
  }

  /** A runner that reports its tests as JSON. What it prints is passed through. */
  async runner(name, args, { report, read, ...options }) {
    const child = this.children.start(name, this.node, args, {
      cwd: workspace,
      ...options,
    });
    say(`${name}: running`);
    const { code } = await child.exited;
    // What was broken off says nothing.
    if (this.children.stopping) throw new Error(`${name} was stopped`);

    const totals = readReport(report, read, code);
    if (totals.problem)
      say(`${name}: counted as failed, since ${totals.problem}`);
    this.totals.add(name, totals);
  }

  /** A stage that could not even begin. */
  broke(name, error) {
    say(`${name}: could not run: ${error.message}`);
    this.totals.add(name, { passed: 0, failed: 1 });
  }

  /** Something small in the workspace's own TypeScript. */
  async evaluate(name, code) {
    await this.children.run(
      name,
      this.node,
      ['--require', nodeTransform, '--eval', code],
      { cwd: workspace },
    );
  }
}

/** A folder for the reports and logs of this run. The last ones are kept, for whoever wants to see what went wrong. */
function reportFolder() {
  const parent = join(cacheFolder, 'test');
  mkdirSync(parent, { recursive: true });
  const runs = readdirSync(parent)
    .map(name => join(parent, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  runs
    .slice(KEPT_RUNS)
    .forEach(run => rmSync(run, { recursive: true, force: true }));
  return mkdtempSync(join(parent, 'run-'));
}
