import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What people get of a published package; what only its tests need is not among it. */
const SHIPPED = [
  'src',
  'bin',
  'migrations',
  'config.d.ts',
  ':(exclude,glob)**/*.test.ts',
  ':(exclude,glob)**/*.test.tsx',
  ':(exclude,glob)**/testUtils/**',
  ':(exclude,glob)**/src/tests/**',
  ':(exclude,glob)**/setupTests.ts',
];
const BUMPS = ['patch', 'minor', 'major'];

/**
 * Finds what is wrong with the changesets of a repository, in sentences; nothing when all is well.
 *
 * A published package that changed since its last release (the commit that wrote its CHANGELOG.md) is named by a
 * changeset. With a base, such as the branch that a pull request goes to, the changes since then must come with a
 * changeset of their own. It needs neither a network nor a remote; where the history is cut off, it looks at what is there.
 */
export function findChangesetProblems(root, { base } = {}) {
  const packages = publishedPackages(root);
  const changesets = readChangesets(root);
  return [
    ...changesets.flatMap(changeset => mistakesIn(changeset, packages)),
    ...packages
      .filter(({ folder, name }) => lacksChangeset(folder, name))
      .map(({ folder, name }) => whatIsMissing(folder, name, base)),
  ];

  function lacksChangeset(folder, name) {
    const since = base ?? lastRelease(root, folder);
    if (!hasChanged(root, folder, since)) return false;
    const candidates = base
      ? changesets.filter(({ path }) => isNewSince(root, path, base))
      : changesets;
    return !candidates.some(({ bumps }) => name in bumps);
  }
}

function whatIsMissing(folder, name, base) {
  return `${folder} changed since ${
    base ?? 'its last release'
  }, and no changeset${
    base ? ' since then' : ''
  } names ${name}: run 'yarn changeset', and say in one sentence what its users notice.`;
}

function mistakesIn({ path, bumps, summary }, packages) {
  const known = packages.map(({ name }) => name);
  return [
    ...Object.entries(bumps)
      .filter(([name]) => !known.includes(name))
      .map(([name]) => `${path} names ${name}, which is not published.`),
    ...Object.entries(bumps)
      .filter(([, bump]) => !BUMPS.includes(bump))
      .map(
        ([name, bump]) =>
          `${path} wants '${bump}' for ${name}; there is ${BUMPS.join(', ')}.`,
      ),
    ...(summary ? [] : [`${path} does not say what changed.`]),
  ];
}

function publishedPackages(root) {
  return readdirSync(join(root, 'plugins'))
    .map(plugin => `plugins/${plugin}`)
    .filter(folder => existsSync(join(root, folder, 'package.json')))
    .map(folder => ({
      folder,
      ...JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')),
    }))
    .filter(({ private: isPrivate }) => !isPrivate);
}

function readChangesets(root) {
  return readdirSync(join(root, '.changeset'))
    .filter(file => file.endsWith('.md') && file !== 'README.md')
    .map(file => {
      const path = `.changeset/${file}`;
      const text = readFileSync(join(root, path), 'utf8');
      const [, head = '', summary = ''] =
        /^---\n([\s\S]*?)\n?---\n([\s\S]*)$/.exec(text) ?? [];
      const bumps = Object.fromEntries(
        head
          .split('\n')
          .filter(Boolean)
          .map(line =>
            line.split(':').map(part => part.trim().replace(/['"]/g, '')),
          ),
      );
      return { path, bumps, summary: summary.trim() };
    });
}

/** Undefined where it was never released, or where the history does not reach back so far. */
function lastRelease(root, folder) {
  return (
    git(root, 'log', '-1', '--format=%H', '--', `${folder}/CHANGELOG.md`) ||
    undefined
  );
}

function hasChanged(root, folder, since) {
  const paths = SHIPPED.map(path =>
    path.startsWith(':') ? path : `${folder}/${path}`,
  );
  if (since) {
    return git(root, 'diff', '--name-only', since, '--', ...paths) !== '';
  }
  const commits = git(root, 'log', '--format=%H', '--', ...paths);
  const cutOff = cutOffCommits(root);
  // Where the history begins by being cut off, everything looks new.
  return commits.split('\n').some(commit => commit && !cutOff.has(commit));
}

function isNewSince(root, path, base) {
  return (
    git(root, 'diff', '--name-only', base, '--', path) !== '' ||
    git(root, 'ls-files', '--others', '--', path) !== ''
  );
}

function cutOffCommits(root) {
  const file = join(root, git(root, 'rev-parse', '--git-path', 'shallow'));
  return new Set(
    existsSync(file)
      ? readFileSync(file, 'utf8').split('\n').filter(Boolean)
      : [],
  );
}

function git(root, ...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}
