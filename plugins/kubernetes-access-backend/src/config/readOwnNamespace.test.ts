import { createMockDirectory } from '@backstage/backend-test-utils';
import { readOwnNamespace } from './readOwnNamespace';

describe('the own namespace', () => {
  const folder = createMockDirectory();

  it('is what Kubernetes says to a pod', () => {
    folder.setContent({ namespace: 'backstage\n' });
    expect(readOwnNamespace(folder.resolve('namespace'))).toBe('backstage');
  });

  it('is not known elsewhere', () => {
    expect(readOwnNamespace(folder.resolve('nothing'))).toBeUndefined();
  });
});
