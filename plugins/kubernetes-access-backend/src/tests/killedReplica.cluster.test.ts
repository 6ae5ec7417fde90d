import { ChaosStage } from '../testUtils/chaos/ChaosStage';
import { eventually } from '../testUtils/RealCluster';

jest.setTimeout(240_000);

describe('a replica that is killed with an open terminal', () => {
  let stage: ChaosStage;

  beforeAll(async () => {
    stage = await ChaosStage.start({ engine: 'postgres', replicas: 2 });
  });

  afterAll(async () => {
    await stage?.close();
  });

  /** The command lines in all of the payments API's containers, as the cluster's own people see them. */
  async function processes(): Promise<string> {
    const names = await stage.cluster.kubectl([
      'get',
      'pods',
      '--namespace=payments',
      '--selector=backstage.io/kubernetes-id=payments-api',
      '--output=name',
    ]);
    const lists = await Promise.all(
      names
        .split('\n')
        .filter(Boolean)
        .map(name =>
          stage.cluster.kubectl([
            'exec',
            '--namespace=payments',
            name,
            '--container=app',
            '--',
            'sh',
            '-c',
            'for p in /proc/[0-9]*; do read -r line <"$p/cmdline" || echo "$line"; done 2>/dev/null; :',
          ]),
        ),
    );
    return lists.join('\n');
  }

  it('leaves nothing behind: another one ends what ran in it, and says so', async () => {
    const [first] = stage.replicas;
    const { id } = await stage.active();
    const terminal = await stage.open(id, first.api);
    terminal.type('env -i /bin/setsid /bin/sleep 97101 & sleep 97102 &\n');
    await eventually(async () => {
      const running = await processes();
      expect(running).toContain('sleep97101');
      expect(running).toContain('sleep97102');
    });

    await stage.kill(first);

    // Others wait for a while before they take it for dead.
    await eventually(async () => {
      const running = await processes();
      expect(running).not.toContain('sleep97101');
      expect(running).not.toContain('sleep97102');
    }, 60_000);
    const { phase, sessions } = await stage.api.see('ada', id);
    expect(phase).toBe('Active');
    expect(sessions).toMatchObject([{ state: 'closed' }]);
    // It is looked at twice: nobody knows whether its shell had just begun.
    await eventually(async () => {
      const [session] = (await stage.api.see('ada', id)).sessions;
      expect(session.processes).toMatchObject({ state: 'none-left', left: 0 });
    }, 60_000);

    // Whoever had the terminal comes back on the other replica.
    const again = await stage.open(id);
    again.type('exit\n');
    await again.closed;
    await stage.revoke(id);
    await stage.untilRemoved(id);
  });
});
