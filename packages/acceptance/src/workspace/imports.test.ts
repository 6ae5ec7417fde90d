import { join, resolve } from 'node:path';
import { ESLint } from 'eslint';

jest.setTimeout(60_000);

// One of the plugins of ESLint takes the global object from here when it is loaded as a module of Jest's.
Object.assign(globalThis, { window: globalThis });

const PLUGINS = resolve(__dirname, '../../../../plugins');

/** Lints code as if it stood in that file, and returns what the rules about imports say. */
async function complaints(
  eslint: ESLint,
  filePath: string,
  code: string,
): Promise<string[]> {
  const [{ messages }] = await eslint.lintText(`${code}\n`, { filePath });
  return messages
    .filter(({ ruleId }) =>
      ['import/no-restricted-paths', 'no-restricted-imports', null].includes(
        ruleId,
      ),
    )
    .map(({ message }) => message);
}

function linter(plugin: string) {
  const cwd = join(PLUGINS, plugin);
  const eslint = new ESLint({ cwd });
  return (file: string, from: string) =>
    complaints(
      eslint,
      join(cwd, 'src', file),
      `import { something } from '${from}';\n\nexport const it = something;`,
    );
}

describe('imports in the back-end plugin', () => {
  const lint = linter('kubernetes-access-backend');

  it.each([
    ['database/example.ts', '../grants', 'knows nothing of grants/'],
    ['audit/example.ts', '../sessions', 'knows nothing of sessions/'],
    ['kubernetes/example.ts', '../requests', 'knows nothing of requests/'],
    ['permissions/example.ts', '../approvals', 'knows nothing of approvals/'],
    [
      'requests/example.ts',
      '../approvals',
      'requests/ comes before approvals/',
    ],
    ['approvals/example.ts', '../grants', 'approvals/ comes before grants/'],
    ['grants/example.ts', '../sessions', 'grants/ comes before sessions/'],
    ['recordings/example.ts', '../sessions', 'recordings/ comes before'],
    ['sessions/example.ts', '../endings', 'sessions/ comes before endings/'],
    ['sessions/example.ts', '../grants/plan', 'through its index.ts'],
    ['endings/example.ts', '../grants/plan', 'through its index.ts'],
    ['api/example.ts', '../grants/plan', 'through its index.ts'],
    ['grants/example.ts', '../api', 'Only plugin.ts and what'],
    ['sessions/example.ts', '../wiring/createApi', 'Only plugin.ts imports'],
    ['controller/example.ts', '../database', 'nothing of ours but itself'],
    ['config/example.ts', '../kubernetes', 'nothing of ours but itself'],
    ['grants/example.ts', '../testUtils/ManualClock', 'is for tests'],
    [
      'controller/example.ts',
      '@kubernetes-access/backstage-plugin-kubernetes-access-common',
      'knows nothing of access requests',
    ],
    ['grants/example.ts', '@kubernetes/client-node', 'Only kubernetes/'],
    ['controller/example.ts', '@kubernetes/client-node', 'Only kubernetes/'],
    ['grants/example.ts', './plan.test', 'restricted from being used'],
  ])('refuses %s ← %s', async (file, from, words) => {
    expect(await lint(file, from)).toEqual([expect.stringContaining(words)]);
  });

  it.each([
    ['plugin.ts', './api'],
    ['plugin.ts', './endings'],
    ['api/example.ts', '../endings'],
    ['api/example.ts', '../requests'],
    ['sessions/example.ts', '../recordings'],
    ['sessions/example.ts', '../grants'],
    ['endings/example.ts', '../sessions'],
    ['grants/example.ts', '../database/types'],
    ['grants/example.ts', './plan'],
    ['kubernetes/example.ts', '@kubernetes/client-node'],
    ['kubernetes/example.ts', '../controller'],
    ['database/example.ts', '../requests/digest'],
    ['grants/example.test.ts', '../testUtils/ManualClock'],
    ['endings/example.test.ts', '../grants/plan'],
  ])('allows %s ← %s', async (file, from) => {
    expect(await lint(file, from)).toEqual([]);
  });
});

describe('imports in the front-end plugin', () => {
  const lint = linter('kubernetes-access');

  it.each([
    'react',
    'react-use',
    '@material-ui/core',
    '@backstage/core-components',
    '../components/Terminal',
  ])('terminal/ does not know %s', async from => {
    expect(await lint('terminal/example.ts', from)).toEqual([
      expect.stringContaining('terminal/ is plain TypeScript'),
    ]);
  });

  it('terminal/ draws on xterm and on what it shares with the back end', async () => {
    expect(await lint('terminal/example.ts', '@xterm/xterm')).toEqual([]);
    expect(
      await lint(
        'terminal/example.ts',
        '@kubernetes-access/backstage-plugin-kubernetes-access-common',
      ),
    ).toEqual([]);
    expect(await lint('components/Example.tsx', 'react')).toEqual([]);
  });
});
