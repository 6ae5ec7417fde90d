import { cacheFolder, clusterFolder, clusterId } from './folders';

describe('the cache', () => {
  it('is in the folder that the environment names', () => {
    expect(cacheFolder({ KUBERNETES_ACCESS_CACHE: '/var/tmp/ka' })).toBe(
      '/var/tmp/ka',
    );
  });

  it('is otherwise where people keep their caches', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/somewhere' })).toBe(
      '/somewhere/kubernetes-access',
    );
    expect(cacheFolder({})).toMatch(/\/\.cache\/kubernetes-access$/);
  });
});

describe('the name of a cluster', () => {
  it.each(['dev', 'tests-2', 'a'])('may be %s', name => {
    expect(clusterFolder(name)).toMatch(new RegExp(`/clusters/${name}$`));
  });

  it.each(['', '../etc', 'Dev', '-x', 'x-', 'a/b', 'x'.repeat(33)])(
    "may not be '%s'",
    name => {
      expect(() => clusterFolder(name)).toThrow(
        'cannot be the name of a cluster',
      );
    },
  );

  it('leads to an id that fits the name of a network link and differs by folder', () => {
    const id = clusterId('/cache/clusters/dev');

    expect(id).toMatch(/^ka-[0-9a-f]{8}$/);
    expect(id.length).toBeLessThanOrEqual(15);
    expect(clusterId('/cache/clusters/dev/')).toBe(id);
    expect(clusterId('/other/clusters/dev')).not.toBe(id);
  });
});
