import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startDemo } from './lib/demo.mjs';
import { DemoState } from './lib/DemoState.mjs';
import { nodeTransform, workspace } from './lib/folders.mjs';
import { prepareWorkspace } from './lib/prepareWorkspace.mjs';
import { runUntilStopped } from './lib/runUntilStopped.mjs';
import { say } from './lib/say.mjs';

const NAME = 'bench';
const USAGE = `npm run bench [-- options]

Measures terminals through Kubernetes Access beside the same through nothing: a WebSocket straight to the API server,
a proxy of a few lines, and kubectl exec, one after the other in one run. Nothing fails because it is slow.

  --only <scenario>  echo, bulk, paste, open, approve, revoke, fairness, crowd, grants, lists or restart (may be repeated)
  --quick            a few samples of each, to see that it works
  --shells <number>  so many in the crowd, instead of 100: a node needs minutes to begin 1,000
  --json <file>      write conditions and figures to this file as well
  --markdown <file>  write table and conditions between the markers of this document, as in docs/performance.md
`;

const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    shells: { type: 'string' },
    json: { type: 'string' },
    markdown: { type: 'string' },
  },
});

if (options.help) {
  console.log(USAGE);
} else {
  await runUntilStopped(main);
}

async function main(children) {
  const state = new DemoState(NAME);
  await state.claim({ keep: false });
  const node = await prepareWorkspace(children);
  const acceptance = join(workspace, 'packages', 'acceptance');
  const demo = await startDemo(children, node, {
    state,
    port: 0,
    configs: [join(acceptance, 'app-config.bench.yaml')],
    cluster: ['--name', NAME],
  });
  say('Measuring');
  const bench = children.start(
    'the bench',
    node,
    [
      '--require',
      nodeTransform,
      join(acceptance, 'src', 'bench', 'main.ts'),
      ...options.only.flatMap(name => ['--only', name]),
      ...(options.quick ? ['--quick'] : []),
      ...(options.shells ? ['--shells', options.shells] : []),
      ...(options.json ? ['--json', resolve(options.json)] : []),
      ...(options.markdown ? ['--markdown', resolve(options.markdown)] : []),
      '--backend-pid',
      String(demo.backendPid),
    ],
    {
      cwd: workspace,
      env: {
        KUBERNETES_ACCESS_DEMO_URL: demo.url,
        KUBERNETES_ACCESS_TEST_CLUSTER: demo.cluster.infoFile,
      },
    },
  );
  const { code } = await bench.exited;
  await children.stopAll();
  return code ?? 1;
}
