import { join } from 'node:path';
import { startDemo } from './lib/demo.mjs';
import { DemoState } from './lib/DemoState.mjs';
import { workspace } from './lib/folders.mjs';
import { prepareWorkspace } from './lib/prepareWorkspace.mjs';
import { runUntilStopped } from './lib/runUntilStopped.mjs';
import { say } from './lib/say.mjs';

const NAME = 'screenshots';
const USAGE = `npm run screenshots

Takes the pictures of the documentation from a demo of its own and writes them to docs/images. Needs Chromium, at
CHROMIUM_PATH or /usr/bin/chromium.
`;

if (process.argv.includes('--help')) {
  console.log(USAGE);
} else {
  await runUntilStopped(main);
}

async function main(children) {
  const state = new DemoState(NAME);
  await state.claim({ keep: false });
  const node = await prepareWorkspace(children);
  const demo = await startDemo(children, node, {
    state,
    port: 0,
    configs: [],
    cluster: ['--name', NAME],
  });
  say('Taking the pictures');
  const pictures = children.start(
    'the pictures',
    node,
    [
      join(workspace, 'node_modules', '@playwright', 'test', 'cli.js'),
      'test',
      '--config=playwright.screenshots.config.ts',
      '--reporter=list',
    ],
    {
      cwd: join(workspace, 'packages', 'acceptance'),
      env: {
        KUBERNETES_ACCESS_DEMO_URL: demo.url,
        KUBERNETES_ACCESS_TEST_CLUSTER: demo.cluster.infoFile,
      },
    },
  );
  const { code } = await pictures.exited;
  await children.stopAll();
  return code ?? 1;
}
