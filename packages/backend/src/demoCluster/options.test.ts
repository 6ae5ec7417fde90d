import { readOptions } from './options';

describe("the options of the demo's cluster", () => {
  it('starts a cluster of its own when nothing is said', () => {
    expect(readOptions([])).toEqual({ keep: false, cluster: { name: 'demo' } });
  });

  it("uses the user's own cluster when its context is named", () => {
    const args = ['--kubeconfig', 'kc.yaml', '--context', 'kind', '--image=x'];
    expect(readOptions(args).cluster).toEqual({
      name: 'demo',
      provider: 'external',
      kubeconfig: 'kc.yaml',
      context: 'kind',
      image: 'x',
    });
  });

  it.each([['--kubeconfig=kc.yaml'], ['--image=x']])(
    'never guesses a context: %s alone is refused',
    arg => {
      expect(() => readOptions([arg])).toThrow(/add --context/);
    },
  );

  it('refuses options that it does not know', () => {
    expect(() => readOptions(['--kontext', 'kind'])).toThrow(/--kontext/);
  });
});
