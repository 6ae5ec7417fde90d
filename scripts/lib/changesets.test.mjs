import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { findChangesetProblems } from './changesets.mjs';

const folders = [];

function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'ka-changesets-'));
  folders.push(folder);
  return folder;
}

function git(root, ...args) {
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
  return execFileSync('git', [...who, ...args], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
}

describe('changesets', () => {
  let root;

  beforeEach(() => {
    root = newFolder();
    git(root, 'init', '--quiet', '--initial-branch', 'main');
    commit({
      'plugins/shown/package.json': JSON.stringify({ name: '@test/shown' }),
      'plugins/shown/src/index.ts': 'export const one = 1;',
      'plugins/hidden/package.json': JSON.stringify({
        name: 'hidden',
        private: true,
      }),
      'plugins/hidden/src/index.ts': '',
      '.changeset/config.json': '{}',
    });
  });

  after(() => {
    for (const folder of folders)
      rmSync(folder, { recursive: true, force: true });
  });

  function commit(files) {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    git(root, 'add', '.');
    git(root, 'commit', '--quiet', '--message', 'Change');
    return git(root, 'rev-parse', 'HEAD');
  }

  const changeset = (name = '@test/shown', bump = 'minor') =>
    `---\n'${name}': ${bump}\n---\n\nIt is better.\n`;
  const release = () =>
    commit({ 'plugins/shown/CHANGELOG.md': `# ${Math.random()}` });

  it('are demanded of a package that was never released', () => {
    assert.match(
      findChangesetProblems(root).join(),
      /plugins\/shown changed since its last release, and no changeset names @test\/shown: run/,
    );
  });

  it('are enough when one names it', () => {
    commit({ '.changeset/better.md': changeset() });
    assert.deepEqual(findChangesetProblems(root), []);
  });

  it('are not demanded right after a release, nor for tests and what they need', () => {
    release();
    commit({
      'plugins/shown/src/index.test.ts': 'more',
      'plugins/shown/src/testUtils/more.ts': 'more',
      'plugins/shown/README.md': 'more',
    });
    assert.deepEqual(findChangesetProblems(root), []);
  });

  it('are demanded of what changed since the release, committed or not', () => {
    release();
    writeFileSync(
      join(root, 'plugins/shown/src/index.ts'),
      'export const one = 2;',
    );
    assert.equal(findChangesetProblems(root).length, 1);
    commit({});
    assert.equal(findChangesetProblems(root).length, 1);
  });

  it('must be new when the changes since a base are looked at', () => {
    const base = commit({ '.changeset/better.md': changeset() });
    assert.deepEqual(findChangesetProblems(root, { base }), []);
    commit({ 'plugins/shown/src/index.ts': 'export const one = 2;' });
    assert.deepEqual(findChangesetProblems(root), []);
    assert.equal(findChangesetProblems(root, { base }).length, 1);
    writeFileSync(join(root, '.changeset/more.md'), changeset());
    assert.deepEqual(findChangesetProblems(root, { base }), []);
  });

  it('are looked for in what there is of a history that is cut off', () => {
    commit({ 'plugins/hidden/src/index.ts': 'more' });
    const whole = root;
    root = newFolder();
    git(root, 'clone', '--quiet', '--depth', '1', `file://${whole}`, '.');
    assert.deepEqual(findChangesetProblems(root), []);
    commit({ 'plugins/shown/src/index.ts': 'export const one = 2;' });
    assert.equal(findChangesetProblems(root).length, 1);
  });

  it('name what there is, and say something', () => {
    commit({
      '.changeset/better.md': changeset(),
      '.changeset/wrong.md': changeset('hidden', 'huge').replace(
        'It is better.',
        '',
      ),
    });
    assert.deepEqual(findChangesetProblems(root), [
      '.changeset/wrong.md names hidden, which is not published.',
      ".changeset/wrong.md wants 'huge' for hidden; there is patch, minor, major.",
      '.changeset/wrong.md does not say what changed.',
    ]);
  });
});
