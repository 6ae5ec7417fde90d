import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, workspace, yarn } from './folders.mjs';
import { hashFiles } from './hashFiles.mjs';
import { say, sayWhileWaiting } from './say.mjs';
import { Stamp } from './Stamp.mjs';

/** Opens a database in memory: that alone shows whether the native part fits this Node. */
const OPEN_DATABASE = "new (require('better-sqlite3'))(':memory:').close()";

/** Installs the dependencies when something about them has changed and makes sure that the native module loads. */
export async function installDependencies(children, node) {
  await installPackages(children, node);
  await ensureNativeModule(children, node);
}

async function installPackages(children, node) {
  const stamp = new Stamp('install');
  const hash = hashFiles([
    ...manifests(),
    join(workspace, 'yarn.lock'),
    join(workspace, '.yarnrc.yml'),
  ]);
  if (
    stamp.matches(hash) &&
    existsSync(join(workspace, 'node_modules', '.bin'))
  )
    return;

  say('Installing dependencies (about a minute the first time)');
  stamp.clear();
  const install = runYarn(
    children,
    node,
    ['install', '--immutable'],
    'install.log',
  );
  await sayWhileWaiting('yarn install', install);
  stamp.set(hash);
}

async function ensureNativeModule(children, node) {
  if (await opensDatabase(children, node)) return;

  say('Compiling better-sqlite3 for this Node (about a minute)');
  const rebuild = runYarn(
    children,
    node,
    ['rebuild', 'better-sqlite3'],
    'rebuild.log',
  );
  await sayWhileWaiting('the compiler', rebuild);
  if (await opensDatabase(children, node)) return;

  throw new Error(
    'better-sqlite3 was compiled but does not load. A C++ compiler, make and Python 3 are needed; the log is ' +
      `${logFile('rebuild.log')}.`,
  );
}

async function opensDatabase(children, node) {
  const { code } = await children.start(
    'the check of better-sqlite3',
    node,
    ['-e', OPEN_DATABASE],
    {
      cwd: join(workspace, 'packages', 'backend'),
      log: logFile('native-module.log'),
    },
  ).exited;
  return code === 0;
}

const runYarn = (children, node, args, log) =>
  children.run(`yarn ${args.join(' ')}`, node, [yarn, ...args], {
    cwd: workspace,
    log: logFile(log),
  });

function logFile(name) {
  const folder = join(cacheFolder, 'logs');
  mkdirSync(folder, { recursive: true });
  return join(folder, name);
}

/** The package.json of the workspace and of everything in it. */
function manifests() {
  const members = ['packages', 'plugins'].flatMap(folder =>
    readdirSync(join(workspace, folder)).map(name =>
      join(workspace, folder, name),
    ),
  );
  return [workspace, ...members].map(folder => join(folder, 'package.json'));
}
